package io.quorate.agent.decide;

import io.quorate.agent.check.TaskChecks;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.ExecutorEndCause;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.TaskRun;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.UpdateMade;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ContainerID;
import io.quorate.protocol.v1.ContainerStatus;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Label;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/** Makes the statuses of tasks, fills in those of executors, and records them (Mesos 4.6). */
final class TaskStatuses {
  /** Where clients of old look for the address of a container (Mesos 4.9). */
  private static final String ADDRESS = "Docker.NetworkSettings.IPAddress";

  private final AgentSettings settings;

  TaskStatuses(AgentSettings settings) {
    this.settings = settings;
  }

  /**
   * Records an update, which is told when its turn comes. Nothing follows the end of a task. A uuid
   * is made where the status has none.
   */
  void update(AgentDraft draft, AgentTask task, TaskStatus.Builder status) {
    if (!draft.alive(task.id())) {
      return;
    }
    TaskStatus.Builder made = drained(draft.now(task), status);
    if (!made.hasUuid()) {
      made.setUuid(draft.uuid());
    }
    draft.emit(
        JournalRecord.newBuilder()
            .setUpdate(
                UpdateMade.newBuilder().setFrameworkId(task.id().framework()).setStatus(made)));
    if (draft.state().task(task.id()).isEmpty() && !task.custom()) {
      draft.forget(task.run());
    }
  }

  /** A status in the agent's own name (CP-259). */
  TaskStatus.Builder own(
      AgentDraft draft, AgentTask task, TaskState state, TaskStatus.Reason reason, String message) {
    return bare(draft, task, state)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(reason)
        .setMessage(message);
  }

  /** A status of a task that never began; TASK_LOST for frameworks that know no better. */
  TaskStatus.Builder dropped(
      AgentDraft draft, AgentTask task, TaskStatus.Reason reason, String message) {
    return own(draft, task, task.orLost(TaskState.TASK_DROPPED), reason, message);
  }

  /** A status of a task that ends with its executor. */
  TaskStatus.Builder ended(AgentDraft draft, AgentTask task, ExecutorEndCause cause) {
    TaskState state = cause.state();
    TaskStatus.Builder status =
        own(
            draft,
            task,
            state == TaskState.TASK_GONE ? task.orLost(state) : state,
            cause.reason(),
            cause.message());
    return cause.limitation().getResourcesCount() == 0
        ? status
        : status.setLimitation(cause.limitation());
  }

  /** A status of a task that its executor was not sent. */
  TaskStatus.Builder killedBeforeDelivery(AgentDraft draft, AgentTask task) {
    return own(
        draft,
        task,
        TaskState.TASK_KILLED,
        TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
        "Killed before delivery to the executor");
  }

  /** A status as an executor says it, of a task that the agent runs itself. */
  TaskStatus.Builder of(AgentDraft draft, AgentTask task, TaskState state) {
    RunId run = task.run();
    TaskRun known = draft.state().run(task.id());
    ContainerStatus.Builder container = container(run.container(draft.state().agentId()));
    if (!known.facts().networks().isEmpty()) {
      container.clearNetworkInfos().addAllNetworkInfos(known.facts().networks());
    }
    if (run.nested()) {
      container
          .getContainerIdBuilder()
          .getParentBuilder()
          .setValue(run.rootContainer(draft.state().agentId()));
    }
    if (known.pid() != 0) {
      container.setExecutorPid((int) known.pid());
    }
    TaskStatus.Builder status =
        bare(draft, task, state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setContainerStatus(container);
    if (task.info().hasCheck()) {
      status.setCheckStatus(known.check().orElseGet(() -> TaskChecks.none(task.info().getCheck())));
    }
    return status;
  }

  /** A status of a task that now runs, with all that is known of its container (Mesos 4.9). */
  TaskStatus.Builder running(AgentDraft draft, AgentTask task) {
    TaskStatus.Builder status = of(draft, task, TaskState.TASK_RUNNING);
    ContainerFacts facts = draft.state().run(task.id()).facts();
    if (!facts.inspected().isEmpty()) {
      status.setData(facts.inspected());
      facts.networks().stream()
          .flatMap(network -> network.getIpAddressesList().stream())
          .findFirst()
          .ifPresent(
              address ->
                  status
                      .getLabelsBuilder()
                      .addLabels(
                          Label.newBuilder().setKey(ADDRESS).setValue(address.getIpAddress())));
    }
    return status;
  }

  /** What an executor sent, with what it may leave out (CP-346). */
  TaskStatus.Builder filled(AgentDraft draft, AgentTask task, TaskStatus said, String containerId) {
    TaskStatus.Builder status =
        said.toBuilder()
            .setAgentId(AgentID.newBuilder().setValue(draft.state().agentId()))
            .setExecutorId(task.executor().executorId());
    if (!said.hasTimestamp()) {
      status.setTimestamp(draft.moment().seconds());
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

  private static TaskStatus.Builder bare(AgentDraft draft, AgentTask task, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(task.info().getTaskId())
        .setState(state)
        .setAgentId(AgentID.newBuilder().setValue(draft.state().agentId()))
        .setExecutorId(task.executor().executorId())
        .setTimestamp(draft.moment().seconds());
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

  /**
   * What a drain makes of the status of a task that it ends: a kill says why, and with mark_gone it
   * is the end of the agent, too (Mesos 4.3, CP-293).
   */
  private static TaskStatus.Builder drained(AgentTask task, TaskStatus.Builder status) {
    boolean killed =
        status.getState() == TaskState.TASK_KILLED || status.getState() == TaskState.TASK_KILLING;
    if (!task.kept().getDrained() || !killed) {
      return status;
    }
    boolean gone =
        task.kept().getDrainedForGood()
            && task.tells(FrameworkInfo.Capability.Type.PARTITION_AWARE)
            && status.getState() == TaskState.TASK_KILLED;
    status.setReason(TaskStatus.Reason.REASON_AGENT_DRAINING);
    return gone ? status.setState(TaskState.TASK_GONE_BY_OPERATOR) : status;
  }
}
