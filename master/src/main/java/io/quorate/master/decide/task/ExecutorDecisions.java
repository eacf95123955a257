package io.quorate.master.decide.task;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.event.Event;
import io.quorate.master.event.ExecutorExited;
import io.quorate.master.event.ExecutorRemoved;
import io.quorate.master.event.ExecutorShutdownRequested;
import io.quorate.master.event.MessageFromExecutor;
import io.quorate.master.event.MessageToExecutor;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.scheduler.Call;

/** Decides what concerns executors that frameworks describe (Mesos 3.3, 3.4). */
public final class ExecutorDecisions {
  private ExecutorDecisions() {}

  /** Dropped where no such executor runs (CP-154). */
  public static Decision shutdown(Draft draft, Framework framework, Call.Shutdown call) {
    MasterState state = draft.state();
    ExecutorKey key =
        new ExecutorKey(
            framework.id(),
            new AgentId(call.getAgentId().getValue()),
            call.getExecutorId().getValue());
    if (state.executors().has(key)) {
      shutdown(draft, key);
    }
    return draft.accepted();
  }

  public static void shutdown(Draft draft, ExecutorKey key) {
    draft.emit(
        Event.newBuilder()
            .setExecutorShutdownRequested(
                ExecutorShutdownRequested.newBuilder()
                    .setFrameworkId(key.framework().value())
                    .setAgentId(key.agent().value())
                    .setExecutorId(key.executorId())));
  }

  /** Best effort: dropped where the agent is away or no such executor runs (CP-163). */
  public static Decision message(Draft draft, Framework framework, Call.Message call) {
    MasterState state = draft.state();
    AgentId agent = new AgentId(call.getAgentId().getValue());
    ExecutorKey key = new ExecutorKey(framework.id(), agent, call.getExecutorId().getValue());
    boolean linked = state.agents().find(agent).filter(Agent::connected).isPresent();
    if (linked && state.executors().has(key)) {
      draft.emit(
          Event.newBuilder()
              .setMessageToExecutor(
                  MessageToExecutor.newBuilder()
                      .setFrameworkId(key.framework().value())
                      .setAgentId(agent.value())
                      .setExecutorId(key.executorId())
                      .setData(call.getData())));
    }
    return draft.accepted();
  }

  public static void message(Draft draft, Agent agent, AgentCall.ExecutorMessage message) {
    FrameworkId framework = new FrameworkId(message.getFrameworkId().getValue());
    if (draft.state().frameworks().has(framework)) {
      draft.emit(
          Event.newBuilder()
              .setMessageFromExecutor(
                  MessageFromExecutor.newBuilder()
                      .setFrameworkId(framework.value())
                      .setAgentId(agent.id().value())
                      .setExecutorId(message.getExecutorId().getValue())
                      .setData(message.getData())));
    }
  }

  /** The end of its tasks comes by their own updates. A repeated call finds it gone. */
  public static void exited(Draft draft, Agent agent, AgentCall.ExecutorExited exited) {
    ExecutorKey key =
        new ExecutorKey(
            new FrameworkId(exited.getFrameworkId().getValue()),
            agent.id(),
            exited.getExecutorId().getValue());
    if (draft.state().executors().has(key)) {
      draft.emit(
          Event.newBuilder()
              .setExecutorExited(
                  ExecutorExited.newBuilder()
                      .setFrameworkId(key.framework().value())
                      .setAgentId(key.agent().value())
                      .setExecutorId(key.executorId())
                      .setStatus(exited.getStatus())));
    }
  }

  /** The agent does not know it (any more). */
  public static void removed(Draft draft, ExecutorKey key) {
    draft.emit(
        Event.newBuilder()
            .setExecutorRemoved(
                ExecutorRemoved.newBuilder()
                    .setFrameworkId(key.framework().value())
                    .setAgentId(key.agent().value())
                    .setExecutorId(key.executorId())));
  }
}
