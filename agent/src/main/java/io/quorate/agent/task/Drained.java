package io.quorate.agent.task;

import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/** What a drain makes of the statuses of the tasks that it ends (Mesos 4.3, CP-293). */
public final class Drained {
  private Drained() {}

  /** A kill says why. With mark_gone it is the end of the agent, too. */
  public static TaskStatus.Builder status(AgentTask task, TaskStatus.Builder status) {
    boolean killed =
        status.getState() == TaskState.TASK_KILLED || status.getState() == TaskState.TASK_KILLING;
    if (!task.drained || !killed) {
      return status;
    }
    status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
    boolean gone =
        task.drainedForGood
            && task.tells(FrameworkInfo.Capability.Type.PARTITION_AWARE)
            && status.getState() == TaskState.TASK_KILLED;
    return gone ? status.setState(TaskState.TASK_GONE_BY_OPERATOR) : status;
  }
}
