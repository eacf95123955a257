package io.quorate.master.allocator.policy;

import java.util.Comparator;

/**
 * The greatest weight first, whatever it holds already; among equals, dominant resource fairness.
 * Lower ones get what higher ones leave, which may be nothing.
 */
public final class StrictPriority implements AllocationPolicy {
  private static final Comparator<Sibling> ORDER =
      Comparator.comparingDouble(Sibling::weight)
          .reversed()
          .thenComparing(Sibling::share)
          .thenComparingLong(Sibling::turns);

  @Override
  public String name() {
    return "priority";
  }

  @Override
  public Comparator<Sibling> order(long round) {
    return ORDER;
  }
}
