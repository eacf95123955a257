package io.quorate.master.state.entity;

import io.quorate.master.state.id.MachineKey;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.maintenance.Schedule;
import io.quorate.protocol.v1.maintenance.Window;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * The maintenance schedule and how far its machines are (Mesos 4.4).
 *
 * @param schedule as the operator set it; without the machines that came up again
 * @param machines those in the schedule
 */
public record Maintenance(Schedule schedule, TreePMap<MachineKey, Machine> machines) {
  public static final Maintenance NONE =
      new Maintenance(Schedule.getDefaultInstance(), TreePMap.empty());

  /** The scheduled machine that an agent runs on. */
  public Optional<Machine> machineOf(Agent agent) {
    return machines.values().stream().filter(machine -> machine.hosts(agent)).findFirst();
  }

  /** With this schedule in place of the old one; what is down stays down. */
  public Maintenance scheduled(Schedule next) {
    TreePMap<MachineKey, Machine> all = TreePMap.empty();
    for (Window window : next.getWindowsList()) {
      for (MachineID id : window.getMachineIdsList()) {
        MachineKey key = MachineKey.of(id);
        Machine old = machines.get(key);
        boolean same = old != null && old.unavailability().equals(window.getUnavailability());
        all =
            all.plus(
                key,
                same
                    ? old
                    : Machine.draining(key, window.getUnavailability())
                        .down(old != null && old.down()));
      }
    }
    return new Maintenance(next, all);
  }

  /** With a machine changed. */
  public Maintenance with(Machine machine) {
    return new Maintenance(schedule, machines.plus(machine.key(), machine));
  }

  /** Up again: out of the schedule; a window without machines goes with it. */
  public Maintenance up(MachineKey key) {
    Schedule.Builder rest = Schedule.newBuilder();
    for (Window window : schedule.getWindowsList()) {
      Window.Builder kept = window.toBuilder().clearMachineIds();
      for (MachineID id : window.getMachineIdsList()) {
        if (!MachineKey.of(id).equals(key)) {
          kept.addMachineIds(id);
        }
      }
      if (kept.getMachineIdsCount() > 0) {
        rest.addWindows(kept);
      }
    }
    return new Maintenance(rest.build(), machines.minus(key));
  }
}
