package io.quorate.master.state.id;

import java.util.Comparator;

/** A task's id is the framework's choice and unique only within it. */
public record TaskKey(FrameworkId framework, String taskId) implements Comparable<TaskKey> {
  private static final Comparator<TaskKey> ORDER =
      Comparator.comparing(TaskKey::framework).thenComparing(TaskKey::taskId);

  @Override
  public int compareTo(TaskKey other) {
    return ORDER.compare(this, other);
  }
}
