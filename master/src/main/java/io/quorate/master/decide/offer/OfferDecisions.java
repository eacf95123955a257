package io.quorate.master.decide.offer;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.event.Event;
import io.quorate.master.event.OffersRequested;
import io.quorate.master.event.OffersRevived;
import io.quorate.master.event.OffersSuppressed;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.Request;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import java.util.OptionalLong;

/** Decides DECLINE, REVIVE, SUPPRESS and REQUEST (Mesos 3.3, 3.5). */
public final class OfferDecisions {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long REFUSE_NANOS_DEFAULT = 5 * NANOS_PER_SECOND;
  private static final long REFUSE_NANOS_MAX = 365 * 24 * 3600 * NANOS_PER_SECOND;

  /** A filter lives at least one allocation interval (Mesos 3.5). */
  private static final long REFUSE_NANOS_MIN = NANOS_PER_SECOND;

  private OfferDecisions() {}

  /** Unknown offers, and those of others, are skipped (CP-146). */
  public static Decision decline(Draft draft, Framework framework, Call.Decline call) {
    for (OfferID declined : call.getOfferIdsList()) {
      OfferId id = new OfferId(declined.getValue());
      draft
          .state()
          .offers()
          .find(id)
          .filter(offer -> offer.framework().equals(framework.id()))
          .ifPresent(
              offer -> {
                draft.emit(EventFactory.declined(offer.id()));
                refuse(draft, offer, call.getFilters());
              });
    }
    return draft.accepted();
  }

  /** Installs the filter for what an ACCEPT left of an offer (CP-183 to 186). */
  public static void refuse(Draft draft, Offer offer, Resources refused, Filters filters) {
    OptionalLong deadline = deadline(draft, filters);
    if (deadline.isPresent() && !refused.isEmpty()) {
      draft.emit(EventFactory.filtered(offer, refused, deadline.getAsLong(), deadline.getAsLong()));
    }
  }

  /**
   * Installs the filter for an offer that was refused as a whole. One of 0 seconds refuses nothing,
   * but the framework had its turn.
   */
  public static void refuse(Draft draft, Offer offer, Filters filters) {
    long deadline = deadline(draft, filters).orElse(draft.state().cluster().timeNanos());
    long memory = turnMemory(draft, offer);
    draft.emit(EventFactory.filtered(offer, offer.resources(), deadline, deadline + memory));
  }

  /** Nobody answered in time: it goes back, and others come first now. */
  public static void expire(Draft draft, Offer offer) {
    draft.emit(EventFactory.rescinded(draft, offer.id()));
    long now = draft.state().cluster().timeNanos();
    draft.emit(
        EventFactory.filtered(offer, offer.resources(), now, now + turnMemory(draft, offer)));
  }

  /**
   * A turn is remembered for as long as all others may take if each sits on its offer as long as
   * this one did, so that nobody's second turn comes before another's first (docs/decisions/0012).
   */
  private static long turnMemory(Draft draft, Offer offer) {
    MasterState state = draft.state();
    long heldNanos =
        offer.deadlineNanos() == 0
            ? 0
            : draft
                .policy()
                .offerTimeoutNanos()
                .map(nanos -> state.cluster().timeNanos() - (offer.deadlineNanos() - nanos))
                .orElse(0L);
    // Those who were served, and those who will be for the first time before it is over.
    long others = (long) state.clientsServed() + state.frameworks().size();
    return draft.policy().turnMemoryNanos() + Math.max(0, heldNanos) * others;
  }

  /** The same for an inverse offer, where 0 seconds is no filter. */
  public static void refuse(Draft draft, InverseOffer offer, Filters filters) {
    OptionalLong deadline = deadline(draft, filters);
    if (deadline.isPresent()) {
      draft.emit(EventFactory.filtered(offer, deadline.getAsLong()));
    }
  }

  /** Returns when a filter ends, or nothing for a filter of 0 seconds. */
  private static OptionalLong deadline(Draft draft, Filters filters) {
    long asked = FixedPoint.nanos(filters.getRefuseSeconds());
    if (asked == 0) {
      return OptionalLong.empty();
    }
    long nanos =
        asked < 0
            ? REFUSE_NANOS_DEFAULT
            : Math.max(REFUSE_NANOS_MIN, Math.min(REFUSE_NANOS_MAX, asked));
    return OptionalLong.of(draft.nowNanos() + nanos);
  }

  public static Decision revive(Draft draft, Framework framework, Call.Revive call) {
    List<String> roles = call.getRolesCount() > 0 ? call.getRolesList() : framework.roles();
    if (framework.roles().containsAll(roles)) {
      draft.emit(
          Event.newBuilder()
              .setOffersRevived(
                  OffersRevived.newBuilder()
                      .setFrameworkId(framework.id().value())
                      .setKeepsTurns(true)
                      .addAllRoles(roles)));
    }
    return draft.accepted();
  }

  /**
   * The framework has a use for more, be it on one agent: what it refused there it may be offered
   * again. Suppressed roles stay so. Better than Mesos, whose allocator does not listen (CP-164).
   */
  public static Decision request(Draft draft, Framework framework, Call.Request call) {
    OffersRequested.Builder requested =
        OffersRequested.newBuilder().setFrameworkId(framework.id().value());
    for (Request request : call.getRequestsList()) {
      if (!request.hasAgentId()) {
        requested.clearAgentIds();
        break;
      }
      requested.addAgentIds(request.getAgentId().getValue());
    }
    draft.emit(Event.newBuilder().setOffersRequested(requested));
    return draft.accepted();
  }

  /** One role that the framework does not have, and the whole call has no effect (CP-148). */
  public static Decision suppress(Draft draft, Framework framework, Call.Suppress call) {
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
