package io.quorate.agent.state;

import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;

/** The id of a framework's executor; the executor of a command task has the task's own name. */
public record ExecutorId(String framework, String executor) {
  /** The id as messages have it. */
  public static ExecutorId of(FrameworkID framework, ExecutorID executor) {
    return new ExecutorId(framework.getValue(), executor.getValue());
  }

  /** The framework as messages have it. */
  public FrameworkID frameworkId() {
    return FrameworkID.newBuilder().setValue(framework).build();
  }

  /** The executor as messages have it. */
  public ExecutorID executorId() {
    return ExecutorID.newBuilder().setValue(executor).build();
  }
}
