package io.quorate.chaos.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where Quorate differs from Mesos and says so: in points, and in what was recorded of it. The file
 * is {@code conformance/differences.txt} of the test resources.
 *
 * @param points a reason by the id of a point
 * @param exchanges a reason by exchange and aspect, as {@link #key} joins them
 */
public record Differences(Map<String, String> points, Map<String, String> exchanges) {

  /** Reads the file; a line that is there twice is a mistake. */
  public static Differences read() {
    Map<String, String> points = new LinkedHashMap<>();
    Map<String, String> exchanges = new LinkedHashMap<>();
    for (String line : Lines.of("differences.txt")) {
      if (line.startsWith("CP-")) {
        List<String> parts = Lines.parts(line, 2);
        put(points, parts.get(0), parts.get(1));
      } else {
        List<String> parts = Lines.parts(line, 3);
        put(exchanges, key(parts.get(0), parts.get(1)), parts.get(2));
      }
    }
    return new Differences(points, exchanges);
  }

  private static void put(Map<String, String> into, String key, String reason) {
    if (into.put(key, reason) != null) {
      throw new IllegalArgumentException("stated twice: " + key);
    }
  }

  /** One aspect of one exchange, such as {@code v0-master/state} and {@code .flags}. */
  public static String key(String exchange, String aspect) {
    return exchange + " | " + aspect;
  }
}
