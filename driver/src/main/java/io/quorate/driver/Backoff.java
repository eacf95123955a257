package io.quorate.driver;

import java.util.random.RandomGenerator;

/** Pauses that double from a short first one, with jitter so that clients do not come in step. */
final class Backoff {
  private final long millisMin;
  private final long millisMax;
  private final RandomGenerator random;
  private long millis;

  Backoff(long millisMin, long millisMax, RandomGenerator random) {
    this.millisMin = millisMin;
    this.millisMax = millisMax;
    this.random = random;
    this.millis = millisMin;
  }

  void reset() {
    millis = millisMin;
  }

  /** Between half of the present pause and all of it. */
  long next() {
    long pause = random.nextLong(millis / 2, millis + 1);
    millis = Math.min(millisMax, millis * 2);
    return pause;
  }
}
