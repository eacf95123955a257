package io.quorate.protocol.retry;

import java.time.Duration;

/**
 * The pause before the next attempt: it doubles with each attempt that fails, from a first one up
 * to a longest one. A value, so that it can be part of a state; the chance in it comes from the
 * caller.
 *
 * @param first the pause after the first attempt, more than zero
 * @param longest the pause that is not exceeded, at least {@code first}
 * @param present the pause that is due now
 */
public record Backoff(Duration first, Duration longest, Duration present) {
  /** Checks the bounds, which come from a constant or from a flag that was validated before. */
  public Backoff {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "a back-off needs 0 < first <= longest, not first " + first + ", longest " + longest);
    }
  }

  /** Begins with the first pause. */
  public static Backoff between(Duration first, Duration longest) {
    return new Backoff(first, longest, first);
  }

  /** What is due after one more attempt that failed. */
  public Backoff next() {
    Duration doubled = present.multipliedBy(2);
    return new Backoff(first, longest, doubled.compareTo(longest) > 0 ? longest : doubled);
  }

  /** What is due after an attempt that succeeded: the first pause again. */
  public Backoff reset() {
    return between(first, longest);
  }

  /**
   * The present pause with jitter, so that clients whose master died do not come back in step:
   * between half of it and all of it.
   *
   * @param chance any number at all, drawn by the caller; the same one gives the same pause
   */
  public Duration jittered(long chance) {
    long nanos = present.toNanos();
    long half = nanos / 2;
    return Duration.ofNanos(half + Math.floorMod(chance, nanos - half + 1));
  }
}
