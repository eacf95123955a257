package io.quorate.master;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Durations as Mesos writes them: a number and one of ns us ms secs mins hrs days weeks. */
final class MesosDuration implements CommandLine.ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([a-z]+)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "secs", 1_000_000_000L,
          "mins", 60_000_000_000L,
          "hrs", 3_600_000_000_000L,
          "days", 86_400_000_000_000L,
          "weeks", 604_800_000_000_000L);

  private static final List<String> LONGEST_FIRST =
      List.of("weeks", "days", "hrs", "mins", "secs", "ms", "us", "ns");

  /** In the largest unit that leaves no fraction. */
  static String text(Duration duration) {
    long nanos = duration.toNanos();
    for (String unit : LONGEST_FIRST) {
      if (nanos != 0 && nanos % UNITS.get(unit) == 0) {
        return nanos / UNITS.get(unit) + unit;
      }
    }
    return nanos + "ns";
  }

  @Override
  public Duration convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !UNITS.containsKey(form.group(2))) {
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is no duration: a number and one of ns us ms secs mins hrs days weeks");
    }
    return Duration.ofNanos((long) (Double.parseDouble(form.group(1)) * UNITS.get(form.group(2))));
  }
}
