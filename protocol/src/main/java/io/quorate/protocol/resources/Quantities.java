package io.quorate.protocol.resources;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Scalar amounts by resource name, in thousandths: what can be summed over agents, which ranges and
 * sets cannot.
 */
public final class Quantities {
  /** These are quantities of nothing. */
  public static final Quantities NONE = new Quantities(new TreeMap<>());

  private final TreeMap<String, Long> millis;

  private Quantities(TreeMap<String, Long> millis) {
    this.millis = millis;
  }

  /** Returns the quantities of these resources. */
  public static Quantities of(Resources resources) {
    return new Quantities(new TreeMap<>(resources.scalarQuantities()));
  }

  /** By name, in thousandths; what is 0 or less is left out. */
  public static Quantities ofMillis(Map<String, Long> millis) {
    TreeMap<String, Long> some = new TreeMap<>(millis);
    some.values().removeIf(amount -> amount <= 0);
    return new Quantities(some);
  }

  /** How much of one name, in thousandths. */
  public long millis(String name) {
    return millis.getOrDefault(name, 0L);
  }

  /** The sum of two amounts that are not negative; what is beyond a long counts as the most. */
  static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** So many times an amount; what is beyond a long counts as the most. */
  static long product(long amount, long times) {
    return amount > 0 && times > Long.MAX_VALUE / amount ? Long.MAX_VALUE : amount * times;
  }

  /** Returns the sum. */
  public Quantities plus(Quantities other) {
    if (other.isEmpty()) {
      return this;
    }
    TreeMap<String, Long> sum = new TreeMap<>(millis);
    other.millis.forEach((name, amount) -> sum.merge(name, amount, Quantities::sum));
    return new Quantities(sum);
  }

  /**
   * Returns what is left.
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

  /** What is left when as much of the other is taken away as is here; it is never negative. */
  public Quantities minusPresent(Quantities other) {
    TreeMap<String, Long> left = new TreeMap<>(millis);
    other.millis.forEach(
        (name, amount) ->
            left.computeIfPresent(name, (key, mine) -> mine > amount ? mine - amount : null));
    return new Quantities(left);
  }

  /** Whether there is as much of everything as there. */
  public boolean contains(Quantities other) {
    for (Map.Entry<String, Long> quantity : other.millis.entrySet()) {
      if (millis(quantity.getKey()) < quantity.getValue()) {
        return false;
      }
    }
    return true;
  }

  /** What is more than there, name by name. */
  public Quantities beyond(Quantities other) {
    TreeMap<String, Long> more = new TreeMap<>(millis);
    more.replaceAll((name, amount) -> amount - other.millis(name));
    return ofMillis(more);
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

  /** Returns a text such as {@code cpus:0.5; mem:32}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("; ");
    millis.forEach(
        (name, amount) ->
            text.add(
                name + ":" + BigDecimal.valueOf(amount, 3).stripTrailingZeros().toPlainString()));
    return text.toString();
  }
}
