package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Value;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** At most so much of some scalars, in thousandths; what is not named has no limit. */
public record Limits(SortedMap<String, Long> millis) {
  /** These limit nothing. */
  public static final Limits NONE = new Limits(Collections.emptySortedMap());

  private static final double MILLIS = 1000;

  /** As a quota gives them. */
  public static Limits of(Map<String, Value.Scalar> limits) {
    return new Limits(Collections.unmodifiableSortedMap(millis(limits)));
  }

  /** Scalars by name, as thousandths. */
  public static SortedMap<String, Long> millis(Map<String, Value.Scalar> scalars) {
    TreeMap<String, Long> millis = new TreeMap<>();
    scalars.forEach((name, scalar) -> millis.put(name, Math.round(scalar.getValue() * MILLIS)));
    return millis;
  }

  /** Whether so much is within them. */
  public boolean covers(Quantities quantities) {
    return beyond(quantities).isEmpty();
  }

  /**
   * Says whether they leave room for more. What is beyond them already takes no more of its name.
   */
  public boolean leave(Quantities held, Quantities more) {
    for (Map.Entry<String, Long> limit : millis.entrySet()) {
      long added = more.millis(limit.getKey());
      if (added > 0 && held.millis(limit.getKey()) + added > limit.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** The first name that has more than its limit. */
  public Optional<String> beyond(Quantities quantities) {
    for (Map.Entry<String, Long> limit : millis.entrySet()) {
      if (quantities.millis(limit.getKey()) > limit.getValue()) {
        return Optional.of(limit.getKey());
      }
    }
    return Optional.empty();
  }
}
