package io.quorate.master.allocator.policy;

import java.math.BigDecimal;

/**
 * A weighted dominant share: the greatest of the shares that somebody holds of each scalar resource
 * of the cluster, divided by a weight (Ghodsi et al., NSDI 2011, sections 4.1 and 4.3). Compared
 * exactly: rounding breaks no tie.
 */
public final class Share implements Comparable<Share> {
  /** Of somebody who holds nothing. */
  public static final Share NONE = new Share(0, 1, BigDecimal.ONE);

  /** Two that differ by more, in relation, are told apart by their approximations. */
  private static final double CLEAR = 1e-9;

  private final long held;
  private final long total;
  private final BigDecimal weight;
  private final double approximate;

  private Share(long held, long total, BigDecimal weight) {
    this.held = held;
    this.total = total;
    this.weight = weight;
    this.approximate = (double) held / total / weight.doubleValue();
  }

  /**
   * Of what is held.
   *
   * @param held thousandths by resource; names beyond the end are not held
   * @param totals of the cluster, in the same order; a resource of 0 does not count
   */
  public static Share of(long[] held, long[] totals, BigDecimal weight) {
    long most = 0;
    long of = 1;
    for (int i = 0; i < Math.min(held.length, totals.length); i++) {
      if (held[i] > 0 && totals[i] > 0 && compare(held[i], totals[i], most, of) > 0) {
        most = held[i];
        of = totals[i];
      }
    }
    return new Share(most, of, weight);
  }

  /** Near enough to show; 1 is all of the cluster at weight 1. */
  public double approximate() {
    return approximate;
  }

  @Override
  public int compareTo(Share other) {
    if (held == other.held && total == other.total && weight.equals(other.weight)) {
      return 0;
    }
    double difference = approximate - other.approximate;
    if (Math.abs(difference) > CLEAR * Math.max(approximate, other.approximate)) {
      return difference < 0 ? -1 : 1;
    }
    if (weight.compareTo(other.weight) == 0) {
      return compare(held, total, other.held, other.total);
    }
    BigDecimal mine = BigDecimal.valueOf(held).multiply(BigDecimal.valueOf(other.total));
    BigDecimal theirs = BigDecimal.valueOf(other.held).multiply(BigDecimal.valueOf(total));
    return mine.multiply(other.weight).compareTo(theirs.multiply(weight));
  }

  /** Compares two fractions of natural numbers by their cross products of 128 bits. */
  private static int compare(long a, long of, long b, long other) {
    long high = Math.multiplyHigh(a, other);
    long high2 = Math.multiplyHigh(b, of);
    return high != high2 ? Long.compare(high, high2) : Long.compareUnsigned(a * other, b * of);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Share share && compareTo(share) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode((float) approximate);
  }

  @Override
  public String toString() {
    return held + "/" + total + (weight.equals(BigDecimal.ONE) ? "" : "/" + weight);
  }
}
