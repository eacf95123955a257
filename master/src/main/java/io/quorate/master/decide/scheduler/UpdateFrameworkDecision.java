package io.quorate.master.decide.scheduler;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.validation.FrameworkValidation;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkUpdated;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import java.util.Optional;

/** Decides UPDATE_FRAMEWORK (Mesos 3.3): all or nothing, answered 200 or 400. */
public final class UpdateFrameworkDecision {
  private UpdateFrameworkDecision() {}

  public static Decision decide(
      Draft draft, Framework framework, String principal, Call.UpdateFramework call) {
    FrameworkInfo info =
        !principal.isEmpty() && !call.getFrameworkInfo().hasPrincipal()
            ? call.getFrameworkInfo().toBuilder().setPrincipal(principal).build()
            : call.getFrameworkInfo();
    Optional<String> wrong =
        validateIdentity(framework, info)
            .or(
                () ->
                    FrameworkValidation.validate(
                        info,
                        call.getSuppressedRolesList(),
                        call.getOfferConstraints(),
                        draft.policy()));
    if (wrong.isPresent()) {
      return new Decision.Refused(
          Refusal.badRequest("'UpdateFramework.framework_info' is not valid: " + wrong.get()));
    }
    Optional<String> forbidden =
        Permissions.of(info, draft.policy()).validateRoles(FrameworkValidation.roles(info));
    if (forbidden.isPresent()) {
      return new Decision.Refused(Refusal.forbidden(forbidden.get()));
    }
    draft.emit(
        Event.newBuilder()
            .setFrameworkUpdated(
                FrameworkUpdated.newBuilder()
                    .setFrameworkId(framework.id().value())
                    .setFrameworkInfo(info)
                    .addAllSuppressedRoles(call.getSuppressedRolesList())
                    .setOfferConstraints(call.getOfferConstraints())));
    rescind(draft, framework, draft.state().frameworks().get(framework.id()).roles());
    return draft.accepted();
  }

  /**
   * Takes back offers of roles that it left (CP-167), while those of newly suppressed roles stay
   * (CP-168).
   */
  private static void rescind(Draft draft, Framework framework, List<String> roles) {
    for (OfferId id : draft.state().offersTo(framework.id())) {
      Offer offer = draft.state().offers().get(id);
      if (!roles.contains(offer.role())) {
        draft.emit(EventFactory.rescinded(draft, id));
      }
    }
  }

  /** Validates that what a framework may not change is unchanged (CP-166). */
  private static Optional<String> validateIdentity(Framework framework, FrameworkInfo info) {
    if (!info.getId().getValue().equals(framework.id().value())) {
      return Optional.of("'id' differs from the call's 'framework_id'");
    }
    FrameworkInfo old = framework.info();
    if (!old.getPrincipal().equals(info.getPrincipal())) {
      return Optional.of("Updating 'FrameworkInfo.principal' is unsupported");
    }
    if (!old.getUser().equals(info.getUser())) {
      return Optional.of("Updating 'FrameworkInfo.user' is unsupported");
    }
    return old.getCheckpoint() != info.getCheckpoint()
        ? Optional.of("Updating 'FrameworkInfo.checkpoint' is unsupported")
        : Optional.empty();
  }
}
