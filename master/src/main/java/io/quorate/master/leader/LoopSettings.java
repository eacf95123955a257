package io.quorate.master.leader;

import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.decide.draft.Policy;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the loop. All are bounds or periods; none changes what a committed event means.
 *
 * @param policy what decisions may depend on
 * @param bounds how much may wait, and how much goes into one entry
 * @param allocator what the allocator goes by
 * @param offersPerCallMax offers that are proposed in one call
 * @param allocationTimeout how long a round by a policy from a module may take
 * @param allocationInterval the period of full allocation rounds
 * @param allocationGap the least time between two rounds
 * @param pingInterval between two pings to an agent
 * @param pingTimeoutsMax pings that an agent may miss in a row before it counts as unreachable
 * @param agentReregisterTimeout how long an agent may take to come back after the leader changed
 * @param removalRate how many agents may become unreachable per time; empty for any number
 */
public record LoopSettings(
    Policy policy,
    Bounds bounds,
    AllocatorSettings allocator,
    int offersPerCallMax,
    Duration allocationTimeout,
    Duration allocationInterval,
    Duration allocationGap,
    Duration pingInterval,
    int pingTimeoutsMax,
    Duration agentReregisterTimeout,
    Optional<RemovalRate> removalRate) {

  /**
   * How much may wait, and how much goes into one entry.
   *
   * @param waitingCallsMax calls of clients that are not answered yet, wherever they wait; one more
   *     is turned away (503)
   * @param waitingBytesMax bytes of these calls; a call that would exceed them is turned away (503)
   * @param callsPerEntryMax calls that are put into one entry
   * @param bytesPerEntryMax bytes of calls that are put into one entry; a larger call has an entry
   *     of its own
   * @param entriesInFlightMax entries that are appended and not yet committed
   */
  public record Bounds(
      int waitingCallsMax,
      long waitingBytesMax,
      int callsPerEntryMax,
      int bytesPerEntryMax,
      int entriesInFlightMax) {

    /** 10,000 calls of 64 MiB in all; two entries of 1,000 calls or 4 MiB. */
    public static final Bounds DEFAULT = new Bounds(10_000, 64 << 20, 1_000, 4 << 20, 2);
  }

  /** Mesos's defaults where it has one. */
  public static final LoopSettings DEFAULT =
      new LoopSettings(
          Policy.DEFAULT,
          Bounds.DEFAULT,
          AllocatorSettings.DEFAULT,
          500,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofSeconds(15),
          5,
          Duration.ofMinutes(10),
          Optional.empty());

  /** How long an agent may be silent. */
  public Duration pingBudget() {
    return pingInterval.multipliedBy(pingTimeoutsMax);
  }
}
