package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Value;
import java.math.BigDecimal;

/**
 * The way between the floating-point numbers of Mesos's messages and the whole numbers that Quorate
 * counts with: scalars in thousandths, as Mesos rounds them (CP-087), and seconds in nanoseconds.
 * Every conversion has an answer: what does not fit is the most or the least, and what is no number
 * is the least, so that a rule against negative numbers refuses it.
 */
public final class FixedPoint {
  private static final double MILLIS_PER_ONE = 1e3;
  private static final double NANOS_PER_SECOND = 1e9;

  private FixedPoint() {}

  /** Returns a scalar in thousandths, rounded to the nearest. */
  public static long millis(Value.Scalar scalar) {
    double value = scalar.getValue();
    return Double.isNaN(value) ? Long.MIN_VALUE : Math.round(value * MILLIS_PER_ONE);
  }

  /** Returns a scalar of so many thousandths. */
  public static Value.Scalar scalar(long millis) {
    return Value.Scalar.newBuilder().setValue(millis / MILLIS_PER_ONE).build();
  }

  /** Seconds as nanoseconds; a part of a nanosecond is dropped, but for what is below zero. */
  public static long nanos(double seconds) {
    return Double.isNaN(seconds) ? Long.MIN_VALUE : (long) Math.floor(seconds * NANOS_PER_SECOND);
  }

  /** Returns nanoseconds as seconds. */
  public static double seconds(long nanos) {
    return nanos / NANOS_PER_SECOND;
  }

  /** Says whether a number is above zero and has an end. */
  public static boolean isPositive(double value) {
    return value > 0 && !Double.isInfinite(value);
  }

  /** A number as people write it: without an exponent, and with no more digits than it needs. */
  public static String text(double value) {
    return Double.isNaN(value) || Double.isInfinite(value)
        ? Double.toString(value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
