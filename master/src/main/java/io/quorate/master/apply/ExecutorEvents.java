package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.event.ExecutorExited;
import io.quorate.master.event.ExecutorRemoved;
import io.quorate.master.event.ExecutorShutdownRequested;
import io.quorate.master.event.MessageToExecutor;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;

/** Applies the life of executors that frameworks described themselves. */
final class ExecutorEvents {
  private ExecutorEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case EXECUTOR_SHUTDOWN_REQUESTED -> apply(state, event.getExecutorShutdownRequested());
      case EXECUTOR_EXITED -> apply(state, event.getExecutorExited());
      case EXECUTOR_REMOVED -> apply(state, event.getExecutorRemoved());
      case MESSAGE_TO_EXECUTOR -> apply(state, event.getMessageToExecutor());
      default -> throw new IllegalStateException("no event of executors: " + event.getWhatCase());
    };
  }

  /** Whether an executor of that id is there already. */
  static boolean runs(MasterState state, FrameworkId framework, AgentId agent, ExecutorInfo info) {
    return state.executors().has(key(framework, agent, info));
  }

  private static ExecutorKey key(FrameworkId framework, AgentId agent, ExecutorInfo info) {
    return new ExecutorKey(framework, agent, info.getExecutorId().getValue());
  }

  /** An executor begins with its first task on an agent. */
  static MasterState started(
      MasterState state, FrameworkId framework, AgentId agent, ExecutorInfo info) {
    ExecutorKey key = key(framework, agent, info);
    if (state.executors().has(key)) {
      return state;
    }
    String role =
        info.getResourcesCount() == 0 ? "" : info.getResources(0).getAllocationInfo().getRole();
    Resources resources = Resources.countable(info.getResourcesList()).unallocated();
    return state.started(new Executor(key, info, role, resources));
  }

  static MasterState apply(MasterState state, ExecutorShutdownRequested event) {
    return state.commanded(
        new AgentId(event.getAgentId()),
        Command.newBuilder()
            .setShutdownExecutor(
                Command.ShutdownExecutor.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(event.getFrameworkId()))
                    .setExecutorId(ExecutorID.newBuilder().setValue(event.getExecutorId()))));
  }

  static MasterState apply(MasterState state, ExecutorExited event) {
    return ended(state, event.getFrameworkId(), event.getAgentId(), event.getExecutorId());
  }

  static MasterState apply(MasterState state, ExecutorRemoved event) {
    return ended(state, event.getFrameworkId(), event.getAgentId(), event.getExecutorId());
  }

  private static MasterState ended(
      MasterState state, String framework, String agent, String executor) {
    return state.ended(new ExecutorKey(new FrameworkId(framework), new AgentId(agent), executor));
  }

  static MasterState apply(MasterState state, MessageToExecutor event) {
    return state.commanded(
        new AgentId(event.getAgentId()),
        Command.newBuilder()
            .setMessage(
                Command.Message.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(event.getFrameworkId()))
                    .setExecutorId(ExecutorID.newBuilder().setValue(event.getExecutorId()))
                    .setData(event.getData())));
  }
}
