package io.quorate.protocol;

import io.quorate.protocol.v1.TaskState;

/** What the states of a task mean (Mesos 3.8). */
public final class TaskStates {
  private TaskStates() {}

  /** Whether a task in this state is over for good. */
  public static boolean terminal(TaskState state) {
    return switch (state) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_LOST,
          TASK_ERROR,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
    };
  }
}
