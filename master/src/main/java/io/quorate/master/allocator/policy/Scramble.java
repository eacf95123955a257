package io.quorate.master.allocator.policy;

/**
 * Numbers without a pattern that are a function of a name and a round: what chance would be, but
 * repeatable (the finalizer of SplitMix64; Steele, Lea and Flood, OOPSLA 2014).
 */
public final class Scramble {
  private static final long STEP = 0x9E3779B97F4A7C15L;
  private static final long FIRST = 0xBF58476D1CE4E5B9L;
  private static final long SECOND = 0x94D049BB133111EBL;
  private static final double TWO_TO_53 = 0x1p53;
  private static final int DROPPED_BITS = 11;

  private Scramble() {}

  /** Any number. */
  public static long number(long round, String name) {
    long mixed = (round * STEP) ^ name.hashCode();
    mixed = (mixed + STEP ^ (mixed + STEP) >>> 30) * FIRST;
    mixed = (mixed ^ mixed >>> 27) * SECOND;
    return mixed ^ mixed >>> 31;
  }

  /** Above 0, and at most 1. */
  public static double fraction(long round, String name) {
    return ((number(round, name) >>> DROPPED_BITS) + 1) / TWO_TO_53;
  }
}
