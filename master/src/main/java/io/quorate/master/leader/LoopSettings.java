package io.quorate.master.leader;

import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.decide.draft.Policy;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of the loop. All are bounds or periods; none changes what a committed event means.
 *
 * @param policy what decisions may depend on
 * @param queuedCallsMax calls that wait to be decided; one more is turned away (503)
 * @param callsPerEntryMax calls that are put into one entry
 * @param entriesInFlightMax entries that are appended and not yet committed
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
    int queuedCallsMax,
    int callsPerEntryMax,
    int entriesInFlightMax,
    AllocatorSettings allocator,
    int offersPerCallMax,
    Duration allocationTimeout,
    Duration allocationInterval,
    Duration allocationGap,
    Duration pingInterval,
    int pingTimeoutsMax,
    Duration agentReregisterTimeout,
    Optional<RemovalRate> removalRate) {

  /** Mesos's defaults where it has one. */
  public static final LoopSettings DEFAULT =
      new LoopSettings(
          Policy.DEFAULT,
          10_000,
          1_000,
          2,
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
