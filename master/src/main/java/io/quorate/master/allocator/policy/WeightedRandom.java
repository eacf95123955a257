package io.quorate.master.allocator.policy;

import java.util.Comparator;

/**
 * A shuffle that is another each round, in which the chance to come first is in proportion to the
 * weight (Efraimidis and Spirakis, 2006: the least of exponential variates). The round is the seed:
 * the same round is shuffled the same way.
 */
public final class WeightedRandom implements AllocationPolicy {
  @Override
  public String name() {
    return "random";
  }

  @Override
  public Comparator<Sibling> order(long round) {
    return Comparator.comparingDouble(sibling -> variate(round, sibling));
  }

  private static double variate(long round, Sibling sibling) {
    return -StrictMath.log(Scramble.fraction(round, sibling.name())) / sibling.weight();
  }
}
