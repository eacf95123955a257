package io.quorate.master.state;

import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.FrameworkInfo;
import java.util.List;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A framework that is known: subscribed, or within its fail-over time-out.
 *
 * @param info as subscribed last, its id set
 * @param streamId the stream attached to it; empty while disconnected
 * @param deadlineNanos when it is removed unless it subscribes before; 0 while connected
 * @param awaited disconnected only because the leader changed: offers and filters stay
 * @param suppressedRoles the roles that want no offers
 * @param registeredNanos first subscription; nanoseconds since the epoch, as all times here
 * @param reregisteredNanos last subscription
 * @param unregisteredNanos removal; 0 while known
 * @param nextCompletedTask the place of the next completed task in its history
 * @param allocated what its offers and tasks hold over all agents, by role. Derived, not stored
 */
public record Framework(
    FrameworkId id,
    FrameworkInfo info,
    String streamId,
    long deadlineNanos,
    boolean awaited,
    TreePSet<String> suppressedRoles,
    long registeredNanos,
    long reregisteredNanos,
    long unregisteredNanos,
    long nextCompletedTask,
    TreePMap<String, Quantities> allocated) {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Whether a scheduler is attached: only then it gets offers and may call. */
  public boolean connected() {
    return !streamId.isEmpty();
  }

  /** Whether it announced this capability. */
  public boolean has(FrameworkInfo.Capability.Type capability) {
    for (FrameworkInfo.Capability each : info.getCapabilitiesList()) {
      if (each.getType() == capability) {
        return true;
      }
    }
    return false;
  }

  /** The roles it is subscribed to: {@code roles} with MULTI_ROLE, else the one {@code role}. */
  public List<String> roles() {
    return has(FrameworkInfo.Capability.Type.MULTI_ROLE)
        ? info.getRolesList()
        : List.of(info.getRole());
  }

  /** The fail-over time-out in nanoseconds; negative acts as 0 (Mesos 3.1). */
  public long failoverTimeoutNanos() {
    double seconds = Math.max(0.0, info.getFailoverTimeout());
    return (long) (seconds * NANOS_PER_SECOND);
  }

  Framework subscribed(FrameworkInfo newInfo, String stream, List<String> suppressed, long now) {
    return new Framework(
        id,
        newInfo,
        stream,
        0,
        false,
        TreePSet.from(suppressed),
        registeredNanos == 0 ? now : registeredNanos,
        now,
        0,
        nextCompletedTask,
        allocated);
  }

  Framework disconnected(long deadline, boolean leaderChanged) {
    return new Framework(
        id,
        info,
        "",
        deadline,
        leaderChanged,
        suppressedRoles,
        registeredNanos,
        reregisteredNanos,
        0,
        nextCompletedTask,
        allocated);
  }

  Framework suppressing(TreePSet<String> roles) {
    return new Framework(
        id,
        info,
        streamId,
        deadlineNanos,
        awaited,
        roles,
        registeredNanos,
        reregisteredNanos,
        unregisteredNanos,
        nextCompletedTask,
        allocated);
  }

  Framework completedOne() {
    return new Framework(
        id,
        info,
        streamId,
        deadlineNanos,
        awaited,
        suppressedRoles,
        registeredNanos,
        reregisteredNanos,
        unregisteredNanos,
        nextCompletedTask + 1,
        allocated);
  }

  Framework removed(long now) {
    return new Framework(
        id,
        info,
        "",
        0,
        false,
        suppressedRoles,
        registeredNanos,
        reregisteredNanos,
        now,
        nextCompletedTask,
        TreePMap.empty());
  }

  Framework holding(String role, Resources resources) {
    Quantities held = allocated.getOrDefault(role, Quantities.NONE).plus(Quantities.of(resources));
    return withAllocated(allocated.plus(role, held));
  }

  Framework releasing(String role, Resources resources) {
    Quantities held = allocated.getOrDefault(role, Quantities.NONE).minus(Quantities.of(resources));
    return withAllocated(held.isEmpty() ? allocated.minus(role) : allocated.plus(role, held));
  }

  private Framework withAllocated(TreePMap<String, Quantities> held) {
    return new Framework(
        id,
        info,
        streamId,
        deadlineNanos,
        awaited,
        suppressedRoles,
        registeredNanos,
        reregisteredNanos,
        unregisteredNanos,
        nextCompletedTask,
        held);
  }
}
