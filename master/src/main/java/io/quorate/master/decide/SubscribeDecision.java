package io.quorate.master.decide;

import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.SubscriptionRefused;
import io.quorate.master.state.Framework;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.OfferId;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.Roles;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Decides SUBSCRIBE (Mesos 3.1). What is wrong with the framework itself is told by one ERROR event
 * on a stream that then ends, not by a status code (CP-119).
 */
final class SubscribeDecision {
  /** About 292 years: what fits 64-bit nanoseconds (CP-120). */
  private static final double FAILOVER_SECONDS_MAX = Long.MAX_VALUE / 1e9;

  private SubscribeDecision() {}

  static Decision decide(MasterState state, String principal, Call call, String streamId) {
    FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
    if (!principal.isEmpty() && !info.hasPrincipal()) {
      info = info.toBuilder().setPrincipal(principal).build();
    }
    List<String> suppressed = call.getSubscribe().getSuppressedRolesList();
    Draft draft = new Draft(state);
    Optional<String> wrong = wrong(state, info, suppressed);
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
                    .addAllSuppressedRoles(suppressed)));
    return draft.accepted();
  }

  /**
   * Another scheduler takes over: what was offered to the old one is void (CP-105). Offers that
   * only the leader's change left without a stream stay valid.
   */
  private static void discardOffers(Draft draft, Framework known) {
    if (!known.awaited()) {
      for (OfferId offer : draft.state().offersTo(known.id())) {
        draft.emit(Facts.discarded(offer));
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

  private static Optional<String> wrong(
      MasterState state, FrameworkInfo info, List<String> suppressed) {
    return wrongRoles(info)
        .or(() -> wrongId(info))
        .or(() -> wrongTimeout(info))
        .or(() -> wrongSuppressed(info, suppressed))
        .or(() -> wrongHistory(state, info));
  }

  private static Optional<String> wrongRoles(FrameworkInfo info) {
    boolean multiRole =
        info.getCapabilitiesList().stream()
            .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.MULTI_ROLE);
    if (!multiRole) {
      if (info.getRolesCount() > 0) {
        return Optional.of(
            "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
      }
      return Roles.validate(info.getRole())
          .map(why -> "'FrameworkInfo.role' is not a valid role: " + why);
    }
    if (info.hasRole()) {
      return Optional.of(
          "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
    }
    TreeSet<String> seen = new TreeSet<>();
    TreeSet<String> twice = new TreeSet<>();
    for (String role : info.getRolesList()) {
      if (!seen.add(role)) {
        twice.add(role);
      }
    }
    if (!twice.isEmpty()) {
      return Optional.of("'FrameworkInfo.roles' contains duplicate items: " + braces(twice));
    }
    for (String role : info.getRolesList()) {
      Optional<String> why = Roles.validate(role);
      if (why.isPresent()) {
        return Optional.of("'FrameworkInfo.roles' contains invalid role: " + why.get());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wrongId(FrameworkInfo info) {
    return info.hasId() && !info.getId().getValue().isEmpty()
        ? Identifiers.validate(info.getId().getValue())
        : Optional.empty();
  }

  private static Optional<String> wrongTimeout(FrameworkInfo info) {
    double seconds = info.getFailoverTimeout();
    return Double.isNaN(seconds) || seconds >= FAILOVER_SECONDS_MAX
        ? Optional.of("The framework's failover_timeout " + seconds + " is invalid")
        : Optional.empty();
  }

  private static Optional<String> wrongSuppressed(FrameworkInfo info, List<String> suppressed) {
    TreeSet<String> strangers = new TreeSet<>(suppressed);
    if (info.getRolesCount() > 0) {
      strangers.removeAll(new TreeSet<>(info.getRolesList()));
    } else {
      strangers.remove(info.getRole());
    }
    return strangers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Suppressed roles " + braces(strangers) + " are not contained in the set of roles");
  }

  private static Optional<String> wrongHistory(MasterState state, FrameworkInfo info) {
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

  private static String braces(Iterable<String> items) {
    return "{ " + String.join(", ", items) + " }";
  }
}
