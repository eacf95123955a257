package io.quorate.protocol.resources;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Scalar amounts by resource name, in thousandths: what can be summed over agents, which ranges and
 * sets cannot.
 */
public final class Quantities {
  /** Nothing. */
  public static final Quantities NONE = new Quantities(new TreeMap<>());

  private final TreeMap<String, Long> millis;

  private Quantities(TreeMap<String, Long> millis) {
    this.millis = millis;
  }

  /** Of these resources. */
  public static Quantities of(Resources resources) {
    return new Quantities(new TreeMap<>(resources.scalarQuantities()));
  }

  /** The sum. */
  public Quantities plus(Quantities other) {
    TreeMap<String, Long> sum = new TreeMap<>(millis);
    other.millis.forEach((name, amount) -> sum.merge(name, amount, Math::addExact));
    return new Quantities(sum);
  }

  /**
   * What is left.
   *
   * @throws IllegalArgumentException if there would be less than nothing of something
   */
  public Quantities minus(Quantities other) {
    TreeMap<String, Long> left = new TreeMap<>(millis);
    other.millis.forEach(
        (name, amount) -> {
          long rest = left.getOrDefault(name, 0L) - amount;
          if (rest < 0) {
            throw new IllegalArgumentException(other + " is more than " + this);
          }
          if (rest == 0) {
            left.remove(name);
          } else {
            left.put(name, rest);
          }
        });
    return new Quantities(left);
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return millis.isEmpty();
  }

  /** By name, in thousandths. */
  public SortedMap<String, Long> millis() {
    return Collections.unmodifiableSortedMap(millis);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quantities quantities && millis.equals(quantities.millis);
  }

  @Override
  public int hashCode() {
    return millis.hashCode();
  }

  @Override
  public String toString() {
    return millis.toString();
  }
}
