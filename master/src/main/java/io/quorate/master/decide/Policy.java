package io.quorate.master.decide;

import java.util.Optional;

/**
 * The leader's settings that decisions depend on, read once at start. Never seen by {@code apply}:
 * two masters with different settings still build one state.
 *
 * @param offerTimeoutNanos after how long an unanswered offer is rescinded; empty for never
 * @param frameworkGraceNanos how long a framework that was connected to the last leader may take to
 *     subscribe again, whatever its fail-over time-out
 * @param timersPerCallMax how many due timers one call handles
 */
public record Policy(
    Optional<Long> offerTimeoutNanos, long frameworkGraceNanos, int timersPerCallMax) {

  /** Mesos's defaults where it has one, and a minute of grace. */
  public static final Policy DEFAULT = new Policy(Optional.empty(), 60_000_000_000L, 1000);
}
