package io.quorate.master.state.id;

import java.util.Comparator;

/** A variable has a name within a namespace. */
public record VariableKey(String namespace, String name) implements Comparable<VariableKey> {
  private static final Comparator<VariableKey> ORDER =
      Comparator.comparing(VariableKey::namespace).thenComparing(VariableKey::name);

  @Override
  public int compareTo(VariableKey other) {
    return ORDER.compare(this, other);
  }
}
