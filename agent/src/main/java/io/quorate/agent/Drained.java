package io.quorate.agent;

import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/** What a drain makes of the statuses of the tasks that it ends (Mesos 4.3, CP-293). */
final class Drained {
  private Drained() {}

  /** A kill says why. With mark_gone it is the end of the agent, too. */
  static TaskStatus.Builder status(AgentTask task, TaskStatus.Builder status) {
    boolean killed =
        status.getState() == TaskState.TASK_KILLED || status.getState() == TaskState.TASK_KILLING;
    if (!killed) {
      return status;
    }
    status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
    boolean gone = task.drainedForGood && aware(task) && status.getState() == TaskState.TASK_KILLED;
    return gone ? status.setState(TaskState.TASK_GONE_BY_OPERATOR) : status;
  }

  static TaskStatus.Builder dropped(AgentTask task, TaskStatus.Builder status) {
    return status
        .setState(aware(task) ? TaskState.TASK_DROPPED : TaskState.TASK_LOST)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(TaskStatus.Reason.REASON_AGENT_DRAINING)
        .setMessage("The agent is draining");
  }

  private static boolean aware(AgentTask task) {
    return task.launch.getLaunch().getFrameworkInfo().getCapabilitiesList().stream()
        .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.PARTITION_AWARE);
  }
}
