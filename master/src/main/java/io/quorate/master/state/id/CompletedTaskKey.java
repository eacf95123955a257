package io.quorate.master.state.id;

import java.util.Comparator;

/** A completed task's place in its framework's history: its id alone may be used again. */
public record CompletedTaskKey(FrameworkId framework, long number)
    implements Comparable<CompletedTaskKey> {
  private static final Comparator<CompletedTaskKey> ORDER =
      Comparator.comparing(CompletedTaskKey::framework).thenComparingLong(CompletedTaskKey::number);

  @Override
  public int compareTo(CompletedTaskKey other) {
    return ORDER.compare(this, other);
  }
}
