package io.quorate.master.decide.draft;

import io.quorate.master.access.Acls;
import io.quorate.master.state.MasterState;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The leader's settings that decisions depend on, read once at start. Never seen by {@code apply}:
 * two masters with different settings still build one state.
 *
 * @param offerTimeoutNanos after how long an unanswered offer is rescinded; empty for never
 * @param turnMemoryNanos for how long, at least, a framework that refused an agent comes after
 *     those that were not offered it since (docs/decisions/0012)
 * @param frameworkGraceNanos how long a framework that was connected to the last leader may take to
 *     subscribe again, whatever its fail-over time-out
 * @param timersPerCallMax how many due timers one call handles
 * @param forgetAgentNanos after how long an unreachable or gone agent is forgotten (CP-283)
 * @param roles the only roles that frameworks may have; empty for any (CP-086)
 * @param rootSubmissions whether frameworks may run as root
 * @param completedFrameworksMax how many frameworks that are over are kept (CP-117)
 * @param acls who may do what (Mesos 8.2)
 * @param variables how much frameworks may keep
 */
public record Policy(
    Optional<Long> offerTimeoutNanos,
    long turnMemoryNanos,
    long frameworkGraceNanos,
    int timersPerCallMax,
    long forgetAgentNanos,
    SortedSet<String> roles,
    boolean rootSubmissions,
    int completedFrameworksMax,
    Acls acls,
    VariableLimits variables) {

  private static final long TWO_WEEKS_NANOS = 14 * 24 * 3600 * 1_000_000_000L;

  private static final long MINUTE_NANOS = 60 * 1_000_000_000L;

  /** Mesos's defaults where it has one; offers are rescinded, and turns remembered. */
  public static final Policy DEFAULT =
      new Policy(
          Optional.of(5 * MINUTE_NANOS),
          2 * MINUTE_NANOS,
          MINUTE_NANOS,
          1000,
          TWO_WEEKS_NANOS,
          new TreeSet<>(),
          true);

  /** Everybody may do everything. */
  public Policy(
      Optional<Long> offerTimeoutNanos,
      long turnMemoryNanos,
      long frameworkGraceNanos,
      int timersPerCallMax,
      long forgetAgentNanos,
      SortedSet<String> roles,
      boolean rootSubmissions) {
    this(
        offerTimeoutNanos,
        turnMemoryNanos,
        frameworkGraceNanos,
        timersPerCallMax,
        forgetAgentNanos,
        roles,
        rootSubmissions,
        MasterState.COMPLETED_FRAMEWORKS_MAX,
        Acls.OPEN,
        VariableLimits.DEFAULT);
  }

  /** The same with other rules of who may do what. */
  public Policy with(Acls rules) {
    return new Policy(
        offerTimeoutNanos,
        turnMemoryNanos,
        frameworkGraceNanos,
        timersPerCallMax,
        forgetAgentNanos,
        roles,
        rootSubmissions,
        completedFrameworksMax,
        rules,
        variables);
  }

  /** Returns the same policy with another length of history. */
  public Policy withCompletedFrameworksMax(int count) {
    return new Policy(
        offerTimeoutNanos,
        turnMemoryNanos,
        frameworkGraceNanos,
        timersPerCallMax,
        forgetAgentNanos,
        roles,
        rootSubmissions,
        count,
        acls,
        variables);
  }

  /** Returns the same policy with other bounds of variables. */
  public Policy with(VariableLimits limits) {
    return new Policy(
        offerTimeoutNanos,
        turnMemoryNanos,
        frameworkGraceNanos,
        timersPerCallMax,
        forgetAgentNanos,
        roles,
        rootSubmissions,
        completedFrameworksMax,
        acls,
        limits);
  }

  /** Whether a framework may have this role. */
  public boolean allows(String role) {
    return roles.isEmpty() || role.equals("*") || roles.contains(role);
  }
}
