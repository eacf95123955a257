package io.quorate.master.effect;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;

/** The scheduler events about maintenance (Mesos 4.4). */
final class MaintenanceEffects {
  private MaintenanceEffects() {}

  /** Without resources: the whole machine is meant. */
  static Event inverseOffers(MasterState state, List<InverseOffer> offers) {
    Event.InverseOffers.Builder batch = Event.InverseOffers.newBuilder();
    for (InverseOffer offer : offers) {
      Agent agent = state.agents().get(offer.agent());
      batch.addInverseOffers(
          io.quorate.protocol.v1.InverseOffer.newBuilder()
              .setId(OfferID.newBuilder().setValue(offer.id().value()))
              .setUrl(SchedulerEvents.url(agent))
              .setFrameworkId(FrameworkID.newBuilder().setValue(offer.framework().value()))
              .setAgentId(AgentID.newBuilder().setValue(offer.agent().value()))
              .setUnavailability(offer.unavailability()));
    }
    return Event.newBuilder().setType(Event.Type.INVERSE_OFFERS).setInverseOffers(batch).build();
  }

  static Event rescind(String offerId) {
    return Event.newBuilder()
        .setType(Event.Type.RESCIND_INVERSE_OFFER)
        .setRescindInverseOffer(
            Event.RescindInverseOffer.newBuilder()
                .setInverseOfferId(OfferID.newBuilder().setValue(offerId)))
        .build();
  }
}
