package io.quorate.master.decide.scheduler;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.validation.FrameworkValidation;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.SubscriptionRefused;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import java.util.Optional;

/**
 * Decides SUBSCRIBE (Mesos 3.1). What is wrong with the framework itself is told by one ERROR event
 * on a stream that then ends, not by a status code (CP-119).
 */
public final class SubscribeDecision {
  private SubscribeDecision() {}

  public static Decision decide(Draft draft, String principal, Call call, String streamId) {
    MasterState state = draft.state();
    FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
    if (!principal.isEmpty() && !info.hasPrincipal()) {
      info = info.toBuilder().setPrincipal(principal).build();
    }
    List<String> suppressed = call.getSubscribe().getSuppressedRolesList();
    FrameworkInfo said = info;
    Optional<String> wrong =
        FrameworkValidation.validate(
                said, suppressed, call.getSubscribe().getOfferConstraints(), draft.policy())
            .or(() -> validateHistory(state, said))
            .or(
                () ->
                    Permissions.of(said, draft.policy())
                        .validateRoles(FrameworkValidation.roles(said)));
    if (wrong.isPresent()) {
      draft.emit(
          Event.newBuilder()
              .setSubscriptionRefused(
                  SubscriptionRefused.newBuilder().setStreamId(streamId).setMessage(wrong.get())));
      return draft.accepted();
    }
    FrameworkId id =
        info.hasId() && !info.getId().getValue().isEmpty()
            ? new FrameworkId(info.getId().getValue())
            : state.cluster().mintFramework();
    Framework known = state.frameworks().find(id).orElse(null);
    if (known != null) {
      info = keepWhatCannotChange(known, info);
      discardOffers(draft, known);
    }
    draft.emit(
        Event.newBuilder()
            .setFrameworkSubscribed(
                FrameworkSubscribed.newBuilder()
                    .setFrameworkId(id.value())
                    .setFrameworkInfo(
                        info.toBuilder().setId(FrameworkID.newBuilder().setValue(id.value())))
                    .setStreamId(streamId)
                    .addAllSuppressedRoles(suppressed)
                    .setOfferConstraints(call.getSubscribe().getOfferConstraints())));
    return draft.accepted();
  }

  /**
   * Another scheduler takes over: what was offered to the old one is void (CP-105). Offers that
   * only the leader's change left without a stream stay valid.
   */
  private static void discardOffers(Draft draft, Framework known) {
    if (!known.awaited()) {
      for (OfferId offer : draft.state().offersTo(known.id())) {
        draft.emit(EventFactory.discarded(draft, offer));
      }
    }
  }

  /** A changed user or checkpoint is ignored on re-subscription (CP-122). */
  private static FrameworkInfo keepWhatCannotChange(Framework known, FrameworkInfo info) {
    return info.toBuilder()
        .setUser(known.info().getUser())
        .setCheckpoint(known.info().getCheckpoint())
        .build();
  }

  private static Optional<String> validateHistory(MasterState state, FrameworkInfo info) {
    FrameworkId id = new FrameworkId(info.getId().getValue());
    if (state.removed(id)) {
      return Optional.of("Framework has been removed");
    }
    return state
        .frameworks()
        .find(id)
        .filter(known -> !known.info().getPrincipal().equals(info.getPrincipal()))
        .map(known -> "Changing framework's principal is not allowed.");
  }
}
