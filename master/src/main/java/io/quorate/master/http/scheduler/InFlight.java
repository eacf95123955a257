package io.quorate.master.http.scheduler;

import java.util.TreeMap;

/**
 * How many calls of each framework wait for their answer. It holds no more names than frameworks
 * are known, and one for all others.
 */
final class InFlight {
  private final int max;
  private final TreeMap<String, Integer> counts = new TreeMap<>();

  InFlight(int max) {
    this.max = max;
  }

  /** Says whether one more may wait; it is counted then. */
  boolean begin(String framework) {
    if (counts.merge(framework, 1, Integer::sum) <= max) {
      return true;
    }
    end(framework);
    return false;
  }

  void end(String framework) {
    counts.computeIfPresent(framework, (key, now) -> now > 1 ? now - 1 : null);
  }
}
