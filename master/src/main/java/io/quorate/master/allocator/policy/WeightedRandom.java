package io.quorate.master.allocator.policy;

import java.util.Comparator;
import java.util.SplittableRandom;

/**
 * A shuffle that is another each round, in which the chance to come first is in proportion to the
 * weight (Efraimidis and Spirakis, 2006: the least of exponential variates). The round is the seed:
 * the same round is shuffled the same way.
 */
public final class WeightedRandom implements AllocationPolicy {
  /** An odd number without a pattern: names with neighbouring hashes get unlike seeds. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  @Override
  public String name() {
    return "random";
  }

  @Override
  public boolean changesByRound() {
    return true;
  }

  @Override
  public Comparator<Sibling> order(long round) {
    return Comparator.comparingDouble(sibling -> variate(round, sibling));
  }

  private static double variate(long round, Sibling sibling) {
    double uniform = new SplittableRandom(round ^ sibling.name().hashCode() * SPREAD).nextDouble();
    return -Math.log(1 - uniform) / sibling.weight();
  }
}
