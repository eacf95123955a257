package io.quorate.agent.state;

import io.quorate.agent.isolate.Limitation;
import io.quorate.protocol.v1.TaskResourceLimitation;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/**
 * This is why an executor ended, and with it its tasks.
 *
 * @param state of the tasks
 * @param message for the framework
 * @param limitation empty but for a container that used too much
 */
public record ExecutorEndCause(
    TaskState state, TaskStatus.Reason reason, String message, TaskResourceLimitation limitation) {

  private static ExecutorEndCause of(TaskState state, TaskStatus.Reason reason, String message) {
    return new ExecutorEndCause(
        state, reason, message, TaskResourceLimitation.getDefaultInstance());
  }

  /** It ended by itself, or was told to (CP-263). */
  public static ExecutorEndCause terminated() {
    return of(
        TaskState.TASK_FAILED, TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, "Executor terminated");
  }

  /** It could not be started; why is for the framework. */
  public static ExecutorEndCause notStarted(String why) {
    return of(TaskState.TASK_FAILED, TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED, why);
  }

  /** It did not subscribe in time (CP-307). */
  public static ExecutorEndCause neverRegistered() {
    return of(
        TaskState.TASK_FAILED,
        TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT,
        "Executor did not register within the registration timeout");
  }

  /** It did not subscribe to an agent that was restarted in time (CP-302). */
  public static ExecutorEndCause notReregistered() {
    return of(
        TaskState.TASK_GONE,
        TaskStatus.Reason.REASON_EXECUTOR_REREGISTRATION_TIMEOUT,
        "Executor did not reregister within the reregistration timeout");
  }

  /** It used more than it may (CP-264). */
  public static ExecutorEndCause limited(Limitation limitation) {
    return new ExecutorEndCause(
        TaskState.TASK_FAILED, limitation.reason(), limitation.message(), limitation.resources());
  }
}
