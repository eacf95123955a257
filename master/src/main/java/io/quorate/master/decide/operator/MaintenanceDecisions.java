package io.quorate.master.decide.operator;

import io.quorate.master.decide.draft.AgentEnds;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.offer.OfferDecisions;
import io.quorate.master.event.Event;
import io.quorate.master.event.InverseOfferAnswered;
import io.quorate.master.event.MachineStateChanged;
import io.quorate.master.event.MaintenanceScheduled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.id.MachineKey;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.TimeInfo;
import io.quorate.protocol.v1.allocator.InverseOfferStatus;
import io.quorate.protocol.v1.maintenance.Schedule;
import io.quorate.protocol.v1.maintenance.Window;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Decides the maintenance of machines (Mesos 4.4). */
public final class MaintenanceDecisions {
  private static final Pattern IPV4 =
      Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

  private MaintenanceDecisions() {}

  // -- By operators -----------------------------------------------------------------------------

  /** Replaces the schedule; what was on offer of the machines in it, or before, is rescinded. */
  public static Decision schedule(Draft draft, Schedule schedule) {
    MasterState state = draft.state();
    Optional<String> wrong = validate(state, schedule);
    if (wrong.isPresent()) {
      return new Decision.Refused(Refusal.badRequest(wrong.get()));
    }
    for (Agent agent : state.agents().values()) {
      boolean before = state.maintenance().machineOf(agent).isPresent();
      boolean after = state.maintenance().scheduled(schedule).machineOf(agent).isPresent();
      if (before || after) {
        AgentEnds.withdraw(draft, agent.id());
      }
    }
    draft.emit(
        Event.newBuilder()
            .setMaintenanceScheduled(MaintenanceScheduled.newBuilder().setSchedule(schedule)));
    return draft.accepted();
  }

  /** Refuses a schedule with a machine twice, or without one that is down (CP-298). */
  private static Optional<String> validate(MasterState state, Schedule schedule) {
    TreeSet<MachineKey> named = new TreeSet<>();
    for (Window window : schedule.getWindowsList()) {
      if (window.getMachineIdsCount() == 0) {
        return Optional.of("'schedule.windows': a window has no 'machine_ids'");
      }
      if (window.getUnavailability().getDuration().getNanoseconds() < 0) {
        return Optional.of("'schedule.windows': 'unavailability.duration' is negative");
      }
      for (MachineID id : window.getMachineIdsList()) {
        Optional<String> wrong = validate(id);
        if (wrong.isPresent()) {
          return wrong;
        }
        if (!named.add(MachineKey.of(id))) {
          return Optional.of("Machine " + text(id) + " appears more than once in the schedule");
        }
      }
    }
    for (Machine machine : state.maintenance().machines().values()) {
      if (machine.down() && !named.contains(machine.key())) {
        return Optional.of(
            "Machine " + text(machine.key().toProto()) + " is DOWN and must stay in the schedule");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validate(MachineID id) {
    if (id.getHostname().isEmpty() && id.getIp().isEmpty()) {
      return Optional.of("A machine must have a 'hostname' or an 'ip'");
    }
    return !id.getIp().isEmpty() && !IPV4.matcher(id.getIp()).matches()
        ? Optional.of("'ip' of machine " + text(id) + " is not an IPv4 address")
        : Optional.empty();
  }

  private static String text(MachineID id) {
    return "'" + id.getHostname() + "' (" + id.getIp() + ")";
  }

  /** Their agents are told to shut down and removed (CP-295, CP-296). */
  public static Decision start(Draft draft, List<MachineID> machines) {
    MasterState state = draft.state();
    Optional<String> wrong = validateMode(state, machines, false);
    if (wrong.isPresent()) {
      return new Decision.Refused(Refusal.badRequest(wrong.get()));
    }
    for (MachineID id : machines) {
      Machine machine = state.maintenance().machines().get(MachineKey.of(id));
      draft.emit(changed(id, true));
      for (Agent agent : state.agents().values()) {
        // Two machines may name one agent, by host name and by address.
        if (machine.hosts(agent) && draft.state().agents().has(agent.id())) {
          AgentEnds.removed(draft, agent.id(), "The agent's machine is in maintenance");
        }
      }
    }
    return draft.accepted();
  }

  /** Ends the maintenance of machines (CP-297). */
  public static Decision stop(Draft draft, List<MachineID> machines) {
    MasterState state = draft.state();
    Optional<String> wrong = validateMode(state, machines, true);
    if (wrong.isPresent()) {
      return new Decision.Refused(Refusal.badRequest(wrong.get()));
    }
    machines.forEach(id -> draft.emit(changed(id, false)));
    return draft.accepted();
  }

  private static Optional<String> validateMode(
      MasterState state, List<MachineID> machines, boolean down) {
    if (machines.isEmpty()) {
      return Optional.of("'machines' is empty");
    }
    TreeSet<MachineKey> named = new TreeSet<>();
    for (MachineID id : machines) {
      Optional<String> wrong = validate(id);
      if (wrong.isPresent()) {
        return wrong;
      }
      if (!named.add(MachineKey.of(id))) {
        return Optional.of("Machine " + text(id) + " appears more than once");
      }
      Machine machine = state.maintenance().machines().get(MachineKey.of(id));
      if (machine == null) {
        return Optional.of("Machine " + text(id) + " is not part of a maintenance schedule");
      }
      if (machine.down() != down) {
        return Optional.of(
            "Machine " + text(id) + " is not in " + (down ? "DOWN" : "DRAINING") + " mode");
      }
    }
    return Optional.empty();
  }

  private static Event.Builder changed(MachineID id, boolean down) {
    return Event.newBuilder()
        .setMachineStateChanged(MachineStateChanged.newBuilder().setMachineId(id).setDown(down));
  }

  // -- By frameworks ----------------------------------------------------------------------------

  /** Unknown inverse offers, and those of others, are skipped (CP-299). */
  public static Decision answer(
      Draft draft,
      Framework framework,
      List<OfferID> ids,
      InverseOfferStatus.Status answer,
      Optional<Filters> filters) {
    MasterState state = draft.state();
    for (OfferID answered : ids) {
      OfferId id = new OfferId(answered.getValue());
      InverseOffer offer = draft.state().inverseOffers().find(id).orElse(null);
      if (offer == null || !offer.framework().equals(framework.id())) {
        continue;
      }
      draft.emit(
          Event.newBuilder()
              .setInverseOfferAnswered(
                  InverseOfferAnswered.newBuilder()
                      .setOfferId(id.value())
                      .setAnswer(
                          InverseOfferStatus.newBuilder()
                              .setStatus(answer)
                              .setFrameworkId(
                                  FrameworkID.newBuilder().setValue(framework.id().value()))
                              .setTimestamp(
                                  TimeInfo.newBuilder()
                                      .setNanoseconds(state.cluster().timeNanos())))));
      filters.ifPresent(filter -> OfferDecisions.refuse(draft, offer, filter));
    }
    return draft.accepted();
  }
}
