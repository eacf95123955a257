package io.quorate.agent.executor;

import io.quorate.agent.isolate.Limitation;
import io.quorate.protocol.v1.TaskResourceLimitation;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/**
 * Why an agent ended an executor, and so its tasks.
 *
 * @param state of the tasks
 * @param limitation empty but for a container that used too much
 */
record Cause(
    TaskState state, TaskStatus.Reason reason, String message, TaskResourceLimitation limitation) {

  private static Cause of(TaskState state, TaskStatus.Reason reason, String message) {
    return new Cause(state, reason, message, TaskResourceLimitation.getDefaultInstance());
  }

  /** It ended by itself, or was told to (CP-263). */
  static Cause plain() {
    return of(
        TaskState.TASK_FAILED, TaskStatus.Reason.REASON_EXECUTOR_TERMINATED, "Executor terminated");
  }

  static Cause notStarted(String why) {
    return of(TaskState.TASK_FAILED, TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED, why);
  }

  /** CP-307. */
  static Cause neverCame() {
    return of(
        TaskState.TASK_FAILED,
        TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT,
        "Executor did not register within the registration timeout");
  }

  /** CP-302. */
  static Cause late() {
    return of(
        TaskState.TASK_GONE,
        TaskStatus.Reason.REASON_EXECUTOR_REREGISTRATION_TIMEOUT,
        "Executor did not reregister within the reregistration timeout");
  }

  static Cause limited(Limitation limitation) {
    return new Cause(
        TaskState.TASK_FAILED, limitation.reason(), limitation.message(), limitation.resources());
  }
}
