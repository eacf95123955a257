package io.quorate.protocol.text;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Mesos writes them: a number and one of ns us ms secs mins hrs days weeks. */
public final class MesosDurations {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([a-z]+)");
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
   * Reads such a text.
   *
   * @throws IllegalArgumentException if it is none; the message says what is expected
   */
  public static Duration parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !NANOS.containsKey(form.group(2))) {
      throw new IllegalArgumentException(
          "'" + text + "' is no duration: a number and one of ns us ms secs mins hrs days weeks");
    }
    return Duration.ofNanos((long) (Double.parseDouble(form.group(1)) * NANOS.get(form.group(2))));
  }

  /** A whole number of the largest unit that fits, such as {@code 15mins}. */
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
