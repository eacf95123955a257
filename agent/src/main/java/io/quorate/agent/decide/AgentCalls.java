package io.quorate.agent.decide;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import java.util.List;

/** Makes what the agent tells of itself, to masters and to executors. */
public final class AgentCalls {
  private static final String VERSION = "1.11.0";
  private static final List<AgentInfo.Capability.Type> CAPABILITIES =
      List.of(
          AgentInfo.Capability.Type.MULTI_ROLE,
          AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
          AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
          AgentInfo.Capability.Type.RESIZE_VOLUME,
          AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK,
          AgentInfo.Capability.Type.AGENT_DRAINING);

  private AgentCalls() {}

  /** The agent as it describes itself; with an id once it has one. */
  public static AgentInfo info(AgentSettings settings, AgentState state) {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname(settings.hostname())
            .setPort(settings.port())
            .addAllResources(settings.resources())
            .addAllAttributes(settings.attributes());
    settings.domain().ifPresent(info::setDomain);
    if (!state.agentId().isEmpty()) {
      info.setId(AgentID.newBuilder().setValue(state.agentId()));
    }
    return info.build();
  }

  /**
   * Returns the call with which the agent subscribes.
   *
   * @param state as it is on the disk: only what is safe is confirmed
   * @param limits whether tasks may have limits above what they are given
   */
  public static AgentCall subscription(AgentSettings settings, AgentState state, boolean limits) {
    AgentCall.Subscribe.Builder subscribe =
        AgentCall.Subscribe.newBuilder()
            .setAgentInfo(info(settings, state).toBuilder().clearId())
            .setVersion(VERSION)
            .setRegistrationId(state.head().getIdentity().getRegistrationId())
            .setHighestTerm(state.head().getTerm());
    for (AgentInfo.Capability.Type capability : CAPABILITIES) {
      subscribe.addCapabilities(AgentInfo.Capability.newBuilder().setType(capability));
    }
    if (limits) {
      subscribe.addCapabilities(
          AgentInfo.Capability.newBuilder()
              .setType(AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS));
    }
    for (AgentTask task : state.tasks().values()) {
      subscribe.addTasks(
          TaskReport.newBuilder()
              .setFrameworkId(task.framework().getId())
              .setTaskId(task.info().getTaskId())
              .setState(task.kept().getLatest()));
    }
    for (AgentExecutor executor : state.executors().values()) {
      subscribe.addExecutors(
          ExecutorReport.newBuilder()
              .setFrameworkId(executor.framework().getId())
              .setExecutorId(executor.info().getExecutorId()));
    }
    return of(state, AgentCall.Type.SUBSCRIBE).setSubscribe(subscribe).build();
  }

  /** A call with what every call has. It is sent once the state is on the disk. */
  public static AgentCall.Builder of(AgentState state, AgentCall.Type type) {
    AgentCall.Builder call =
        AgentCall.newBuilder().setType(type).setCommandsDone(state.lastCommand());
    if (!state.agentId().isEmpty()) {
      call.setAgentId(AgentID.newBuilder().setValue(state.agentId()));
    }
    return call;
  }
}
