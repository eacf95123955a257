package io.quorate.master.allocator;

import io.quorate.protocol.resources.Quantities;
import java.util.List;
import java.util.Map;

/** The least that is worth an offer to those without a rule of their own; asked very often. */
final class Enough {
  private final int[][] places;
  private final long[][] least;

  Enough(List<Quantities> alternatives, Scalars scalars) {
    this.places = new int[alternatives.size()][];
    this.least = new long[alternatives.size()][];
    for (int i = 0; i < places.length; i++) {
      Map<String, Long> millis = alternatives.get(i).millis();
      places[i] = millis.keySet().stream().mapToInt(scalars::place).toArray();
      least[i] = millis.values().stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** Whether any alternative is there; if there are none, anything is enough. */
  boolean is(long[] amounts) {
    for (int i = 0; i < places.length; i++) {
      if (is(amounts, places[i], least[i])) {
        return true;
      }
    }
    return places.length == 0;
  }

  private static boolean is(long[] amounts, int[] at, long[] atLeast) {
    for (int i = 0; i < at.length; i++) {
      if (Scalars.at(amounts, at[i]) < atLeast[i]) {
        return false;
      }
    }
    return true;
  }
}
