package io.quorate.agent.task;

import io.quorate.agent.check.TaskChecks;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ContainerID;
import io.quorate.protocol.v1.ContainerStatus;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.function.Supplier;

/** Makes the statuses of tasks, and fills in those of executors (Mesos 4.6). */
public final class Statuses {
  private final AgentSettings settings;
  private final Sources sources;
  private final Supplier<String> agentId;

  public Statuses(AgentSettings settings, Sources sources, Supplier<String> agentId) {
    this.sources = sources;
    this.settings = settings;
    this.agentId = agentId;
  }

  /** In the agent's own name (CP-259). */
  public TaskStatus.Builder own(
      AgentTask task, TaskState state, TaskStatus.Reason reason, String message) {
    return bare(task, state)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(reason)
        .setMessage(message);
  }

  /** It never began, in the agent's own name; TASK_LOST for those who know no better. */
  public TaskStatus.Builder dropped(AgentTask task, TaskStatus.Reason reason, String message) {
    return own(task, task.orLost(TaskState.TASK_DROPPED), reason, message);
  }

  /** As an executor says it, of a task that has a container of its own. */
  TaskStatus.Builder of(AgentTask task, TaskState state) {
    ContainerStatus.Builder container = container(task.process.container());
    if (!task.parent.isEmpty()) {
      container.getContainerIdBuilder().getParentBuilder().setValue(task.parent);
    }
    task.process.supervisorPid().ifPresent(pid -> container.setExecutorPid(pid.intValue()));
    TaskStatus.Builder status =
        bare(task, state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setContainerStatus(container);
    if (task.info().hasCheck()) {
      status.setCheckStatus(
          task.checkStatus == null ? TaskChecks.none(task.info().getCheck()) : task.checkStatus);
    }
    return status;
  }

  /** What an executor sent, with what it may leave out (CP-346). */
  public TaskStatus.Builder filled(AgentTask task, TaskStatus said, String containerId) {
    TaskStatus.Builder status =
        said.toBuilder()
            .setAgentId(AgentID.newBuilder().setValue(agentId.get()))
            .setExecutorId(ExecutorID.newBuilder().setValue(task.executor().executor()));
    if (!said.hasTimestamp()) {
      status.setTimestamp(now());
    }
    ContainerStatus.Builder container = status.getContainerStatusBuilder();
    if (!container.hasContainerId()) {
      container.getContainerIdBuilder().setValue(containerId);
    }
    if (container.getNetworkInfosCount() == 0) {
      container.addNetworkInfos(network());
    }
    return status;
  }

  private TaskStatus.Builder bare(AgentTask task, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(task.info().getTaskId())
        .setState(state)
        .setAgentId(AgentID.newBuilder().setValue(agentId.get()))
        .setExecutorId(ExecutorID.newBuilder().setValue(task.executor().executor()))
        .setTimestamp(now());
  }

  private ContainerStatus.Builder container(String id) {
    return ContainerStatus.newBuilder()
        .setContainerId(ContainerID.newBuilder().setValue(id))
        .addNetworkInfos(network());
  }

  private NetworkInfo.Builder network() {
    return NetworkInfo.newBuilder()
        .addIpAddresses(
            NetworkInfo.IPAddress.newBuilder()
                .setProtocol(NetworkInfo.Protocol.IPv4)
                .setIpAddress(settings.ip()));
  }

  private double now() {
    return sources.millis().getAsLong() / 1000.0;
  }
}
