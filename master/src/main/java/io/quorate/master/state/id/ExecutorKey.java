package io.quorate.master.state.id;

import java.util.Comparator;

/** An executor id is a framework's own, and each agent may run one of that id. */
public record ExecutorKey(FrameworkId framework, AgentId agent, String executorId)
    implements Comparable<ExecutorKey> {
  private static final Comparator<ExecutorKey> ORDER =
      Comparator.comparing(ExecutorKey::framework)
          .thenComparing(ExecutorKey::agent)
          .thenComparing(ExecutorKey::executorId);

  @Override
  public int compareTo(ExecutorKey other) {
    return ORDER.compare(this, other);
  }
}
