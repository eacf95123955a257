package io.quorate.master.allocator.policy;

import java.util.Comparator;

/**
 * The smallest weighted dominant share first (Ghodsi et al., NSDI 2011); then whoever got fewer
 * offers so far (Mesos 5.2). The default.
 */
public final class DominantResourceFairness implements AllocationPolicy {
  /** The name of the default. */
  public static final String NAME = "drf";

  private static final Comparator<Sibling> ORDER =
      Comparator.comparing(Sibling::share).thenComparingLong(Sibling::turns);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Comparator<Sibling> order(long round) {
    return ORDER;
  }
}
