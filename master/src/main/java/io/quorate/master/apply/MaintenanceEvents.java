package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.event.InverseOfferAnswered;
import io.quorate.master.event.InverseOfferExtended;
import io.quorate.master.event.InverseOfferRescinded;
import io.quorate.master.event.MachineStateChanged;
import io.quorate.master.event.MaintenanceScheduled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Maintenance;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.MachineKey;
import io.quorate.master.state.id.OfferId;
import java.util.Optional;

/** Applies the maintenance of machines (Mesos 4.4). */
final class MaintenanceEvents {
  private MaintenanceEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case MAINTENANCE_SCHEDULED -> apply(state, event.getMaintenanceScheduled());
      case MACHINE_STATE_CHANGED -> apply(state, event.getMachineStateChanged());
      case INVERSE_OFFER_EXTENDED -> apply(state, event.getInverseOfferExtended());
      case INVERSE_OFFER_RESCINDED -> apply(state, event.getInverseOfferRescinded());
      case INVERSE_OFFER_ANSWERED -> apply(state, event.getInverseOfferAnswered());
      default -> throw new IllegalStateException("no event of maintenance: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, MaintenanceScheduled event) {
    return state.with(state.maintenance().scheduled(event.getSchedule()));
  }

  static MasterState apply(MasterState state, MachineStateChanged event) {
    MachineKey key = MachineKey.of(event.getMachineId());
    Maintenance maintenance = state.maintenance();
    if (!event.getDown()) {
      return state.with(maintenance.up(key));
    }
    Machine machine = maintenance.machines().get(key);
    return machine == null ? state : state.with(maintenance.with(machine.down(true)));
  }

  static MasterState apply(MasterState state, InverseOfferExtended event) {
    if (!event.hasUnavailability()) {
      return state;
    }
    return state.offered(
        new InverseOffer(
            new OfferId(event.getOfferId()),
            new FrameworkId(event.getFrameworkId()),
            new AgentId(event.getAgentId()),
            event.getUnavailability()));
  }

  static MasterState apply(MasterState state, InverseOfferRescinded event) {
    return state.inverseWithdrawn(new OfferId(event.getOfferId()));
  }

  /** Shown in the maintenance status (CP-299). */
  static MasterState apply(MasterState state, InverseOfferAnswered event) {
    OfferId id = new OfferId(event.getOfferId());
    InverseOffer offer = state.inverseOffers().find(id).orElse(null);
    if (offer == null) {
      return state;
    }
    MasterState next = state.inverseWithdrawn(id);
    Optional<Machine> machine =
        state.agents().find(offer.agent()).flatMap(state.maintenance()::machineOf);
    if (machine.isEmpty() || !event.hasAnswer()) {
      return next;
    }
    Machine.AnswerKey who = new Machine.AnswerKey(offer.framework(), offer.agent());
    return next.with(state.maintenance().with(machine.get().answered(who, event.getAnswer())));
  }
}
