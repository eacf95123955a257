package io.quorate.master.decide;

import io.quorate.master.event.Event;
import io.quorate.master.event.OffersRevived;
import io.quorate.master.event.OffersSuppressed;
import io.quorate.master.state.Framework;
import io.quorate.master.state.InverseOffer;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Offer;
import io.quorate.master.state.OfferId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import java.util.OptionalLong;

/** Decides DECLINE, REVIVE and SUPPRESS (Mesos 3.3, 3.5). */
final class OfferDecisions {
  private static final double REFUSE_SECONDS_DEFAULT = 5.0;
  private static final double REFUSE_SECONDS_MAX = 365 * 24 * 3600.0;

  /** A filter lives at least one allocation interval (Mesos 3.5). */
  private static final double REFUSE_SECONDS_MIN = 1.0;

  private static final double NANOS_PER_SECOND = 1e9;

  private OfferDecisions() {}

  /** Unknown offers, and those of others, are skipped (CP-146). */
  static Decision decline(MasterState state, Framework framework, Call.Decline call) {
    Draft draft = new Draft(state);
    for (OfferID each : call.getOfferIdsList()) {
      OfferId id = new OfferId(each.getValue());
      draft
          .state()
          .offers()
          .find(id)
          .filter(offer -> offer.framework().equals(framework.id()))
          .ifPresent(offer -> decline(draft, offer, call.getFilters()));
    }
    return draft.accepted();
  }

  private static void decline(Draft draft, Offer offer, Filters filters) {
    draft.emit(Facts.declined(offer.id()));
    refuse(draft, offer, offer.resources(), filters);
  }

  /** Installs the filter for what was refused of an offer (CP-183 to 186). */
  static void refuse(Draft draft, Offer offer, Resources refused, Filters filters) {
    OptionalLong deadline = deadline(draft, filters);
    if (deadline.isPresent() && !refused.isEmpty()) {
      draft.emit(Facts.filtered(offer, refused, deadline.getAsLong()));
    }
  }

  /** The same for an inverse offer. */
  static void refuse(Draft draft, InverseOffer offer, Filters filters) {
    OptionalLong deadline = deadline(draft, filters);
    if (deadline.isPresent()) {
      draft.emit(Facts.filtered(offer, deadline.getAsLong()));
    }
  }

  /** None for 0 seconds. */
  private static OptionalLong deadline(Draft draft, Filters filters) {
    double seconds = filters.getRefuseSeconds();
    if (Double.isNaN(seconds) || seconds < 0) {
      seconds = REFUSE_SECONDS_DEFAULT;
    }
    if (seconds == 0) {
      return OptionalLong.empty();
    }
    seconds = Math.max(REFUSE_SECONDS_MIN, Math.min(REFUSE_SECONDS_MAX, seconds));
    return OptionalLong.of(
        draft.state().cluster().timeNanos() + (long) (seconds * NANOS_PER_SECOND));
  }

  static Decision revive(MasterState state, Framework framework, Call.Revive call) {
    Draft draft = new Draft(state);
    List<String> roles = call.getRolesCount() > 0 ? call.getRolesList() : framework.roles();
    if (framework.roles().containsAll(roles)) {
      draft.emit(
          Event.newBuilder()
              .setOffersRevived(
                  OffersRevived.newBuilder()
                      .setFrameworkId(framework.id().value())
                      .addAllRoles(roles)));
    }
    return draft.accepted();
  }

  /** One role that the framework does not have, and the whole call has no effect (CP-148). */
  static Decision suppress(MasterState state, Framework framework, Call.Suppress call) {
    Draft draft = new Draft(state);
    List<String> roles = call.getRolesCount() > 0 ? call.getRolesList() : framework.roles();
    if (framework.roles().containsAll(roles)) {
      draft.emit(
          Event.newBuilder()
              .setOffersSuppressed(
                  OffersSuppressed.newBuilder()
                      .setFrameworkId(framework.id().value())
                      .addAllRoles(roles)));
    }
    return draft.accepted();
  }
}
