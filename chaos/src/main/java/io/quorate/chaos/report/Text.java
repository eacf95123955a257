package io.quorate.chaos.report;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Numbers and names as people read them; always with a point, whatever the machine's locale. */
final class Text {
  private static final Map<String, Double> NANOS_OF_UNIT =
      Map.of("seconds", 1e9, "millis", 1e6, "micros", 1e3, "nanos", 1.0);

  private Text() {}

  /** At most {@code limit} characters; what is cut off is marked. */
  static String shortened(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
  }

  /** A duration with three digits that count: {@code 1.23 ms}. */
  static String duration(double nanos) {
    double size = Math.abs(nanos);
    if (size >= 120e9) {
      return digits(nanos / 60e9) + " min";
    }
    if (size >= 1e9) {
      return digits(nanos / 1e9) + " s";
    }
    if (size >= 1e6) {
      return digits(nanos / 1e6) + " ms";
    }
    return size == 0 ? "0 s" : digits(nanos / 1e3) + " µs";
  }

  /** A moment of the run, in seconds to the millisecond. */
  static String moment(long nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The size of a file. */
  static String size(long bytes) {
    return bytes < 10_000
        ? count(bytes) + " B"
        : bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
  }

  /** {@code longest_gap_seconds} as {@code longest gap}. */
  static String figureName(String name) {
    String words = name.replace('_', ' ');
    return unit(name).isPresent() ? words.substring(0, words.lastIndexOf(' ')) : words;
  }

  /** The value of a figure, with the unit that its name ends in. */
  static String figureValue(String name, Object value) {
    if (value instanceof Number number) {
      double amount = number.doubleValue();
      Optional<Double> nanos = unit(name);
      if (nanos.isPresent()) {
        return duration(amount * nanos.get());
      }
      if (amount == Math.rint(amount) && Math.abs(amount) < 1e15) {
        return count((long) amount);
      }
      return digits(amount);
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + figureValue(name, entry.getValue()))
          .collect(Collectors.joining(", "));
    }
    return String.valueOf(value);
  }

  /** An argument as a shell takes it. */
  static String shell(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@%+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  private static Optional<Double> unit(String name) {
    int at = name.lastIndexOf('_');
    return at < 0
        ? Optional.empty()
        : Optional.ofNullable(NANOS_OF_UNIT.get(name.substring(at + 1)));
  }

  private static String digits(double number) {
    double size = Math.abs(number);
    int places = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + places + "f", number);
  }
}
