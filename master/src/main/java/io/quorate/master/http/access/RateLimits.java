package io.quorate.master.http.access;

import io.quorate.protocol.v1.RateLimit;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How many calls per second each principal may make (Mesos 8.3, CP-461). A call that comes too soon
 * waits for its turn, in order; when as many wait as there is room for, the next is refused. Any
 * thread.
 */
public final class RateLimits {
  /** Calls of a principal that may wait, where its limit says nothing of it. */
  public static final long CAPACITY = 1000;

  /** No limits. */
  public static final RateLimits NONE =
      new RateLimits(io.quorate.protocol.v1.RateLimits.getDefaultInstance());

  private static final double NANOS_PER_SECOND = 1e9;

  /** Absent principals have the common one; those without a rate have none. */
  private final Map<String, Pace> paces = new TreeMap<>();

  private final Pace common;

  /**
   * As {@code --rate_limits} says.
   *
   * @throws IllegalArgumentException if it makes no sense; names principal and field
   */
  public RateLimits(io.quorate.protocol.v1.RateLimits limits) {
    for (RateLimit limit : limits.getLimitsList()) {
      String where = "--rate_limits: of principal '" + limit.getPrincipal() + "' ";
      if (paces.containsKey(limit.getPrincipal())) {
        throw new IllegalArgumentException(where + "there are two");
      }
      paces.put(
          limit.getPrincipal(),
          pace(where, limit.hasQps(), limit.getQps(), limit.hasCapacity(), limit.getCapacity()));
    }
    common =
        pace(
            "--rate_limits: 'aggregate_default_...' ",
            limits.hasAggregateDefaultQps(),
            limits.getAggregateDefaultQps(),
            limits.hasAggregateDefaultCapacity(),
            limits.getAggregateDefaultCapacity());
  }

  private static Pace pace(
      String where, boolean hasQps, double qps, boolean hasCapacity, long capacity) {
    if (!hasQps) {
      if (hasCapacity) {
        throw new IllegalArgumentException(where + "has 'capacity' without 'qps'");
      }
      return null;
    }
    if (!(qps > 0) || Double.isInfinite(qps)) {
      throw new IllegalArgumentException(where + "'qps' must be above 0");
    }
    if (capacity < 0) {
      throw new IllegalArgumentException(where + "'capacity' is too large");
    }
    double gap = NANOS_PER_SECOND / qps;
    return new Pace(gap, hasCapacity ? capacity : CAPACITY);
  }

  /**
   * Takes a place for one call.
   *
   * @param principal empty for a framework without one
   * @param nowNanos of a clock that never goes back
   * @return nanoseconds until its turn; empty if there is no place
   */
  public OptionalLong take(String principal, long nowNanos) {
    Pace pace = paces.containsKey(principal) ? paces.get(principal) : common;
    return pace == null ? OptionalLong.of(0) : pace.take(nowNanos);
  }

  /** Whole seconds after which a refused call may find a place, at least one. */
  public long retryAfterSeconds(String principal) {
    Pace pace = paces.containsKey(principal) ? paces.get(principal) : common;
    return pace == null ? 1 : (long) Math.max(1, Math.ceil(pace.gapNanos / NANOS_PER_SECOND));
  }

  /** One call after the other, a gap apart. */
  private static final class Pace {
    private final double gapNanos;
    private final long capacity;
    private double nextNanos = Double.NEGATIVE_INFINITY;

    Pace(double gapNanos, long capacity) {
      this.gapNanos = gapNanos;
      this.capacity = capacity;
    }

    synchronized OptionalLong take(long nowNanos) {
      double turn = Math.max(nowNanos, nextNanos);
      double wait = turn - nowNanos;
      if (wait > capacity * gapNanos) {
        return OptionalLong.empty();
      }
      nextNanos = turn + gapNanos;
      return OptionalLong.of((long) wait);
    }
  }
}
