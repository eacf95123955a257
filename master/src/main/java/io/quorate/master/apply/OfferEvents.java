package io.quorate.master.apply;

import io.quorate.master.event.AcceptRemembered;
import io.quorate.master.event.Event;
import io.quorate.master.event.FilterInstalled;
import io.quorate.master.event.FilterRemoved;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;

/** Applies the life of offers and filters. */
final class OfferEvents {
  private OfferEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case OFFER_EXTENDED -> apply(state, event.getOfferExtended());
      case OFFER_ACCEPTED -> over(state, event.getOfferAccepted().getOfferId());
      case OFFER_DECLINED -> over(state, event.getOfferDeclined().getOfferId());
      case OFFER_RESCINDED -> over(state, event.getOfferRescinded().getOfferId());
      case OFFER_DISCARDED -> over(state, event.getOfferDiscarded().getOfferId());
      case FILTER_INSTALLED -> apply(state, event.getFilterInstalled());
      case FILTER_REMOVED -> apply(state, event.getFilterRemoved());
      case ACCEPT_REMEMBERED -> apply(state, event.getAcceptRemembered());
      default -> throw new IllegalStateException("no event of offers: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, OfferExtended event) {
    return state.offered(
        new Offer(
            new OfferId(event.getOfferId()),
            new FrameworkId(event.getFrameworkId()),
            new AgentId(event.getAgentId()),
            event.getRole(),
            Resources.countable(event.getResourcesList()),
            event.getDeadlineNanos()));
  }

  /** Accepted, declined, rescinded or discarded: what differs is who is told. */
  static MasterState over(MasterState state, String offerId) {
    return state.withdrawn(new OfferId(offerId));
  }

  static MasterState apply(MasterState state, FilterInstalled event) {
    FilterKey key =
        new FilterKey(
            new FrameworkId(event.getFrameworkId()),
            event.getRole(),
            new AgentId(event.getAgentId()),
            state.cluster().nextFilter());
    return state.filtered(
        new Filter(
            key,
            Resources.countable(event.getResourcesList()),
            event.getDeadlineNanos(),
            event.hasForgetNanos() ? event.getForgetNanos() : event.getDeadlineNanos()));
  }

  /** It is known by the first of its offers: an ACCEPT of none cannot be found again. */
  static MasterState apply(MasterState state, AcceptRemembered event) {
    if (event.getOfferIdsCount() == 0) {
      return state;
    }
    return state.remembered(
        new FrameworkId(event.getFrameworkId()),
        event.getOfferIdsList().stream().map(OfferId::new).toList(),
        event.getDigest());
  }

  static MasterState apply(MasterState state, FilterRemoved event) {
    return state.unfiltered(
        new FilterKey(
            new FrameworkId(event.getFrameworkId()),
            event.getRole(),
            new AgentId(event.getAgentId()),
            event.getNumber()));
  }
}
