package io.quorate.master.state.id;

import java.util.Comparator;

/** Turns are counted per framework and role. */
public record TurnKey(FrameworkId framework, String role) implements Comparable<TurnKey> {
  private static final Comparator<TurnKey> ORDER =
      Comparator.comparing(TurnKey::framework).thenComparing(TurnKey::role);

  @Override
  public int compareTo(TurnKey other) {
    return ORDER.compare(this, other);
  }
}
