package io.quorate.agent;

import io.quorate.agent.executor.AgentExecutor;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.task.AgentTask;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import java.util.List;

/** How this agent introduces itself, to masters and to executors. Core thread only. */
final class Introduction {
  private static final String VERSION = "1.11.0";

  private final AgentSettings settings;
  private final Memory memory;
  private final boolean limits;

  /**
   * Makes one.
   *
   * @param limits whether tasks may have limits above what they are given
   */
  Introduction(AgentSettings settings, Memory memory, boolean limits) {
    this.settings = settings;
    this.memory = memory;
    this.limits = limits;
  }

  /** What is told of this agent. */
  AgentInfo info() {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname(settings.hostname())
            .setPort(settings.port())
            .addAllResources(settings.resources())
            .addAllAttributes(settings.attributes());
    settings.domain().ifPresent(info::setDomain);
    if (!memory.agentId.isEmpty()) {
      info.setId(AgentID.newBuilder().setValue(memory.agentId));
    }
    return info.build();
  }

  /** What the agent subscribes with, now. */
  AgentCall subscription() {
    AgentCall.Subscribe.Builder subscribe =
        AgentCall.Subscribe.newBuilder()
            .setAgentInfo(info().toBuilder().clearId())
            .setVersion(VERSION)
            .setRegistrationId(memory.registrationId)
            .setHighestTerm(memory.highestTerm);
    for (AgentInfo.Capability.Type each :
        List.of(
            AgentInfo.Capability.Type.MULTI_ROLE,
            AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
            AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
            AgentInfo.Capability.Type.RESIZE_VOLUME,
            AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK,
            AgentInfo.Capability.Type.AGENT_DRAINING)) {
      subscribe.addCapabilities(AgentInfo.Capability.newBuilder().setType(each));
    }
    if (limits) {
      subscribe.addCapabilities(
          AgentInfo.Capability.newBuilder()
              .setType(AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS));
    }
    for (AgentTask task : memory.tasks.values()) {
      subscribe.addTasks(
          TaskReport.newBuilder()
              .setFrameworkId(FrameworkID.newBuilder().setValue(task.id.framework()))
              .setTaskId(TaskID.newBuilder().setValue(task.id.task()))
              .setState(task.updates.latest()));
    }
    for (AgentExecutor executor : memory.executors.values()) {
      subscribe.addExecutors(
          ExecutorReport.newBuilder()
              .setFrameworkId(executor.framework.getId())
              .setExecutorId(executor.info.getExecutorId()));
    }
    return call(AgentCall.Type.SUBSCRIBE).setSubscribe(subscribe).build();
  }

  /** A call with what every one has. Only commands that are safe in the journal are confirmed. */
  AgentCall.Builder call(AgentCall.Type type) {
    AgentCall.Builder call =
        AgentCall.newBuilder().setType(type).setCommandsDone(memory.safeCommand);
    if (!memory.agentId.isEmpty()) {
      call.setAgentId(AgentID.newBuilder().setValue(memory.agentId));
    }
    return call;
  }
}
