package io.quorate.agent.state;

import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;

/** The id of a task: a framework gives it, and it is unique within that framework. */
public record TaskId(String framework, String task) {
  /** The id as messages have it. */
  public static TaskId of(FrameworkID framework, TaskID task) {
    return new TaskId(framework.getValue(), task.getValue());
  }
}
