package io.quorate.chaos.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which recorded exchanges show which point, from {@code conformance/replayed.txt} of the test
 * resources.
 */
public final class Replayed {
  static final String TEST_CLASS = "io.quorate.chaos.replay.ReplayTest";
  static final String TEST_METHOD = "shouldShowPoint";

  private Replayed() {}

  /** Returns the names of exchanges by the id of the point that they show. */
  public static Map<String, List<String>> byPoint() {
    Map<String, List<String>> exchanges = new LinkedHashMap<>();
    for (String line : Lines.of("replayed.txt")) {
      List<String> parts = Lines.parts(line, 2);
      if (exchanges.put(parts.get(0), List.of(parts.get(1).split(" "))) != null) {
        throw new IllegalArgumentException("There are two lines for " + parts.get(0));
      }
    }
    return exchanges;
  }
}
