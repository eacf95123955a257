package io.quorate.master.state.id;

import java.util.Comparator;

/** The place of an ACCEPT among those of its framework. */
public record AcceptKey(FrameworkId framework, long number) implements Comparable<AcceptKey> {
  private static final Comparator<AcceptKey> ORDER =
      Comparator.comparing(AcceptKey::framework).thenComparingLong(AcceptKey::number);

  @Override
  public int compareTo(AcceptKey other) {
    return ORDER.compare(this, other);
  }
}
