package io.quorate.master.state.entity;

import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.OfferConstraints;
import java.util.List;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * A framework that is known: subscribed, or within its fail-over time-out.
 *
 * @param info as subscribed last, its id set
 * @param attachment its scheduler, or how long it may be without one
 * @param wishes what it said of the offers that it wants
 * @param times its life so far
 * @param nextCompletedTask the place of the next completed task in its history
 * @param allocated what its offers, tasks, executors and operations hold over all agents, by role.
 *     Derived, not stored
 */
public record Framework(
    FrameworkId id,
    FrameworkInfo info,
    Attachment attachment,
    Wishes wishes,
    Times times,
    long nextCompletedTask,
    TreePMap<String, Quantities> allocated) {

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * The scheduler.
   *
   * @param streamId the stream attached; empty while disconnected
   * @param deadlineNanos when the framework is removed unless it subscribes before; 0 while
   *     connected
   * @param awaited disconnected only because the leader changed: offers and filters stay
   */
  public record Attachment(String streamId, long deadlineNanos, boolean awaited) {}

  /**
   * What it said of offers.
   *
   * @param suppressed the roles that want none
   * @param constraints by role, the agents that are wanted
   */
  public record Wishes(TreePSet<String> suppressed, OfferConstraints constraints) {
    /** All offers of all roles. */
    public static final Wishes NONE =
        new Wishes(TreePSet.empty(), OfferConstraints.getDefaultInstance());

    /** As a call gives them. */
    public static Wishes of(List<String> suppressed, OfferConstraints constraints) {
      return new Wishes(TreePSet.from(suppressed), constraints);
    }
  }

  /**
   * In nanoseconds since the epoch.
   *
   * @param registered first subscription
   * @param reregistered last subscription
   * @param unregistered removal; 0 while known
   */
  public record Times(long registered, long reregistered, long unregistered) {}

  /** As it is before its first subscription. */
  public static Framework fresh(FrameworkId id, FrameworkInfo info) {
    return new Framework(
        id,
        info,
        new Attachment("", 0, false),
        Wishes.NONE,
        new Times(0, 0, 0),
        0,
        TreePMap.empty());
  }

  /** The stream attached to it; empty while disconnected. */
  public String streamId() {
    return attachment.streamId();
  }

  /** When it is removed unless it subscribes before; 0 while connected. */
  public long deadlineNanos() {
    return attachment.deadlineNanos();
  }

  /** Whether it is disconnected only because the leader changed. */
  public boolean awaited() {
    return attachment.awaited();
  }

  /** The roles that want no offers. */
  public TreePSet<String> suppressedRoles() {
    return wishes.suppressed();
  }

  /** By role, the agents that it wants offers of. */
  public OfferConstraints constraints() {
    return wishes.constraints();
  }

  /** When it subscribed first, in nanoseconds since the epoch. */
  public long registeredNanos() {
    return times.registered();
  }

  /** When it subscribed last, in nanoseconds since the epoch. */
  public long reregisteredNanos() {
    return times.reregistered();
  }

  /** 0 while known. */
  public long unregisteredNanos() {
    return times.unregistered();
  }

  /** Whether a scheduler is attached: only then it gets offers and may call. */
  public boolean connected() {
    return !streamId().isEmpty();
  }

  /** Whether it announced this capability. */
  public boolean has(FrameworkInfo.Capability.Type capability) {
    for (FrameworkInfo.Capability announced : info.getCapabilitiesList()) {
      if (announced.getType() == capability) {
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

  /** A scheduler is attached on this stream. */
  public Framework subscribed(FrameworkInfo newInfo, String stream, Wishes newWishes, long now) {
    long first = times.registered() == 0 ? now : times.registered();
    return new Framework(
        id,
        newInfo,
        new Attachment(stream, 0, false),
        newWishes,
        new Times(first, now, 0),
        nextCompletedTask,
        allocated);
  }

  /** It says anew what it is and what it wants. */
  public Framework updated(FrameworkInfo newInfo, Wishes newWishes) {
    return new Framework(id, newInfo, attachment, newWishes, times, nextCompletedTask, allocated);
  }

  /**
   * No scheduler is attached.
   *
   * @param deadline when it is removed unless it subscribes before, nanoseconds since the epoch
   * @param leaderChanged whether only the change of the leader cut it off
   */
  public Framework disconnected(long deadline, boolean leaderChanged) {
    return new Framework(
        id,
        info,
        new Attachment("", deadline, leaderChanged),
        wishes,
        times,
        nextCompletedTask,
        allocated);
  }

  /** These roles want no offers, and no others. */
  public Framework suppressing(TreePSet<String> roles) {
    return updated(info, new Wishes(roles, wishes.constraints()));
  }

  /** One more task of it went into the history. */
  public Framework completedOne() {
    return new Framework(id, info, attachment, wishes, times, nextCompletedTask + 1, allocated);
  }

  /** As the history keeps it: without a scheduler, and holding nothing. */
  public Framework removed(long now) {
    return new Framework(
        id,
        info,
        new Attachment("", 0, false),
        wishes,
        new Times(times.registered(), times.reregistered(), now),
        nextCompletedTask,
        TreePMap.empty());
  }

  /** Counts in what an offer, a task, an executor or an operation of it holds in a role. */
  public Framework holding(String role, Resources resources) {
    Quantities more = Quantities.of(resources);
    if (more.isEmpty()) {
      return this;
    }
    Quantities held = allocated.getOrDefault(role, Quantities.NONE).plus(more);
    return withAllocated(allocated.plus(role, held));
  }

  /** Counts out what an offer, a task, an executor or an operation of it held in a role. */
  public Framework releasing(String role, Resources resources) {
    Quantities less = Quantities.of(resources);
    if (less.isEmpty()) {
      return this;
    }
    Quantities held = allocated.getOrDefault(role, Quantities.NONE).minusPresent(less);
    return withAllocated(held.isEmpty() ? allocated.minus(role) : allocated.plus(role, held));
  }

  private Framework withAllocated(TreePMap<String, Quantities> held) {
    return new Framework(id, info, attachment, wishes, times, nextCompletedTask, held);
  }
}
