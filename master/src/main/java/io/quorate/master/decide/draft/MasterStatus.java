package io.quorate.master.decide.draft;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/** Statuses that the master makes: source MASTER, no uuid, so never acknowledged (Mesos 3.8). */
public final class MasterStatus {
  private MasterStatus() {}

  /** Returns a status at the state's time. */
  public static TaskStatus.Builder of(
      MasterState state,
      String taskId,
      TaskState taskState,
      TaskStatus.Reason reason,
      String message) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setState(taskState)
        .setSource(TaskStatus.Source.SOURCE_MASTER)
        .setReason(reason)
        .setMessage(message)
        .setTimestamp(FixedPoint.seconds(state.cluster().timeNanos()));
  }

  /** As {@link #fine(Framework, TaskState)}; a framework that is not known is not aware. */
  public static TaskState fine(MasterState state, FrameworkId framework, TaskState fine) {
    return state
        .frameworks()
        .find(framework)
        .map(known -> fine(known, fine))
        .orElse(TaskState.TASK_LOST);
  }

  /**
   * Returns the fine state for partition-aware frameworks, and TASK_LOST for the others (CP-125).
   */
  public static TaskState fine(Framework framework, TaskState fine) {
    return framework.has(FrameworkInfo.Capability.Type.PARTITION_AWARE)
        ? fine
        : TaskState.TASK_LOST;
  }
}
