package io.quorate.agent.docker.request;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the values of flags of {@code docker run} are written. Each method throws {@link
 * IllegalArgumentException} with a clause that says the rule.
 */
final class FlagSyntax {
  private static final Pattern BYTES =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)i?b?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgtp";
  private static final int KIB_BITS = 10;
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);
  private static final int PORT_MAX = 65_535;

  private FlagSyntax() {}

  /** A size, as in 64m or 1.5g; -1 for no bound. */
  static long bytes(String text) {
    if (text.equals("-1")) {
      return -1;
    }
    Matcher size = BYTES.matcher(text.strip());
    if (!size.matches()) {
      throw new IllegalArgumentException("must be a size such as 64m or 1g, not '" + text + "'");
    }
    int unit =
        size.group(2).isEmpty() ? 0 : 1 + UNITS.indexOf(size.group(2).toLowerCase(Locale.ROOT));
    BigDecimal factor = BigDecimal.valueOf(1L << (unit * KIB_BITS));
    try {
      return new BigDecimal(size.group(1)).multiply(factor).toBigInteger().longValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("is too large: '" + text + "'", e);
    }
  }

  /** A length of time in nanoseconds, as in 1m30s. */
  static long nanos(String text) {
    if (text.equals("0")) {
      return 0;
    }
    Matcher part = DURATION.matcher(text);
    BigDecimal sum = BigDecimal.ZERO;
    int at = 0;
    while (part.region(at, text.length()).lookingAt()) {
      long unit = NANOS.get(part.group(2));
      sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      at = part.end();
    }
    if (at == 0 || at < text.length()) {
      throw new IllegalArgumentException("must be a duration such as 1m30s, not '" + text + "'");
    }
    return sum.longValue();
  }

  static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must be a whole number, not '" + text + "'", e);
    }
  }

  /** A number of cpus in thousand-millionths. */
  static long nanoCpus(String text) {
    try {
      return new BigDecimal(text.strip()).movePointRight(9).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("must be a number of cpus, not '" + text + "'", e);
    }
  }

  /** A flag without a value is true. */
  static boolean bool(String text) {
    return switch (text) {
      case "", "true", "1", "t", "T", "TRUE", "True" -> true;
      case "false", "0", "f", "F", "FALSE", "False" -> false;
      default -> throw new IllegalArgumentException("must be true or false, not '" + text + "'");
    };
  }

  /** Name and value around the first equals sign. */
  static Map.Entry<String, String> pair(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException("must be name=value, not '" + text + "'");
    }
    return Map.entry(text.substring(0, equals), text.substring(equals + 1));
  }

  /** Fields with commas between them, each key=value or a key alone; keys in small letters. */
  static Map<String, List<String>> fields(String text) {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    for (String field : csv(text)) {
      int equals = field.indexOf('=');
      String key = equals < 0 ? field : field.substring(0, equals);
      fields
          .computeIfAbsent(key.strip().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(equals < 0 ? "" : field.substring(equals + 1));
    }
    return fields;
  }

  /** A field with commas in it stands between quotation marks, two of which mean one. */
  private static List<String> csv(String text) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int at = 0; at < text.length(); at++) {
      char character = text.charAt(at);
      boolean twice = quoted && at + 1 < text.length() && text.charAt(at + 1) == '"';
      if (character == '"' && twice) {
        field.append('"');
        at++;
      } else if (character == '"') {
        quoted = !quoted;
      } else if (character == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(character);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  /** Ports, as in 80 or 80-90. */
  static List<Integer> ports(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length > 2) {
      throw new IllegalArgumentException("must be a port or a range of ports, not '" + text + "'");
    }
    int first = port(ends[0]);
    int last = port(ends[ends.length - 1]);
    List<Integer> ports = new ArrayList<>();
    for (int port = first; port <= last; port++) {
      ports.add(port);
    }
    if (ports.isEmpty()) {
      throw new IllegalArgumentException("must be a range that begins before it ends: " + text);
    }
    return ports;
  }

  private static int port(String text) {
    long port = number(text);
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("must be a port from 1 to 65535, not " + text);
    }
    return (int) port;
  }

  /** The protocol of a port; tcp where none is named. */
  static String protocol(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "", "tcp" -> "tcp";
      case "udp" -> "udp";
      case "sctp" -> "sctp";
      default ->
          throw new IllegalArgumentException("must be of tcp, udp or sctp, not of '" + text + "'");
    };
  }
}
