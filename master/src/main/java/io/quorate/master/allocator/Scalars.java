package io.quorate.master.allocator;

import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Gives each name of a scalar resource a place, so that amounts can be arrays of thousandths. An
 * array may be shorter than the names known now: what is beyond its end is 0.
 */
final class Scalars {
  private static final long[] NOTHING = {};

  private final Map<String, Integer> places = new LinkedHashMap<>();

  int place(String name) {
    return places.computeIfAbsent(name, any -> places.size());
  }

  int size() {
    return places.size();
  }

  /** Of all that the predicate holds for. */
  long[] of(Resources resources, Predicate<Resource> counting) {
    long[][] amounts = {new long[size()]};
    resources.forEach(
        (identity, millis) -> {
          if (millis > 0 && counting.test(identity)) {
            int place = place(identity.getName());
            if (place >= amounts[0].length) {
              amounts[0] = grown(amounts[0], size());
            }
            amounts[0][place] += millis;
          }
        });
    return amounts[0];
  }

  long[] of(Quantities quantities) {
    return of(quantities.millis());
  }

  long[] of(Map<String, Long> millis) {
    if (millis.isEmpty()) {
      return NOTHING;
    }
    millis.keySet().forEach(this::place);
    long[] amounts = new long[size()];
    millis.forEach((name, amount) -> amounts[place(name)] = amount);
    return amounts;
  }

  /** By name, the bounds that are below the amounts. */
  Map<String, Long> named(long[] bounds, long[] amounts) {
    Map<String, Long> named = new LinkedHashMap<>();
    places.forEach(
        (name, place) -> {
          if (place < bounds.length && bounds[place] < amounts[place]) {
            named.put(name, bounds[place]);
          }
        });
    return named;
  }

  static long at(long[] amounts, int place) {
    return place < amounts.length ? amounts[place] : 0;
  }

  /** The first with the second added, in place if it is long enough. */
  static long[] add(long[] amounts, long[] more) {
    return combine(amounts, more, 1);
  }

  static long[] subtract(long[] amounts, long[] less) {
    return combine(amounts, less, -1);
  }

  private static long[] combine(long[] amounts, long[] other, int sign) {
    long[] sum = amounts.length >= other.length ? amounts : grown(amounts, other.length);
    for (int i = 0; i < other.length; i++) {
      sum[i] += sign * other[i];
    }
    return sum;
  }

  private static long[] grown(long[] amounts, int length) {
    long[] longer = new long[length];
    System.arraycopy(amounts, 0, longer, 0, amounts.length);
    return longer;
  }

  static boolean equal(long[] one, long[] other) {
    for (int i = 0; i < Math.max(one.length, other.length); i++) {
      if (at(one, i) != at(other, i)) {
        return false;
      }
    }
    return true;
  }
}
