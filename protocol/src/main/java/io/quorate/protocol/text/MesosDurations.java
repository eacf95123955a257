package io.quorate.protocol.text;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes durations as Mesos does in flags and variables: a number and one of {@code ns},
 * {@code us}, {@code ms}, {@code secs}, {@code mins}, {@code hrs}, {@code days}, {@code weeks}.
 */
public final class MesosDurations {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([a-z]+)");

  /** The largest unit comes first, since a duration is written in the largest that fits. */
  private static final Map<String, Long> NANOS = new LinkedHashMap<>();

  static {
    NANOS.put("weeks", 604_800_000_000_000L);
    NANOS.put("days", 86_400_000_000_000L);
    NANOS.put("hrs", 3_600_000_000_000L);
    NANOS.put("mins", 60_000_000_000L);
    NANOS.put("secs", 1_000_000_000L);
    NANOS.put("ms", 1_000_000L);
    NANOS.put("us", 1_000L);
    NANOS.put("ns", 1L);
  }

  private MesosDurations() {}

  /**
   * Reads a duration. What is less than a nanosecond is cut off.
   *
   * @throws IllegalArgumentException if the text is not a duration, or a longer one than 292 years;
   *     the message says what is expected
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !NANOS.containsKey(form.group(2))) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a duration: expected a number and one of ns us ms secs mins hrs days"
              + " weeks, such as 15mins");
    }
    BigDecimal nanos =
        new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(NANOS.get(form.group(2))));
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException("'" + text + "' is longer than 292 years");
    }
    return Duration.ofNanos(nanos.longValue());
  }

  /** Writes a duration as a whole number of the largest unit that fits, such as {@code 15mins}. */
  public static String print(Duration duration) {
    long nanos = duration.toNanos();
    for (Map.Entry<String, Long> unit : NANOS.entrySet()) {
      if (nanos >= unit.getValue() && nanos % unit.getValue() == 0) {
        return nanos / unit.getValue() + unit.getKey();
      }
    }
    return nanos + "ns";
  }
}
