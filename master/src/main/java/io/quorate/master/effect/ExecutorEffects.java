package io.quorate.master.effect;

import io.quorate.master.event.ExecutorExited;
import io.quorate.master.event.MessageFromExecutor;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.scheduler.Event;

/** The scheduler events about executors (Mesos 3.4). */
final class ExecutorEffects {
  private ExecutorEffects() {}

  static Event message(MessageFromExecutor message) {
    return Event.newBuilder()
        .setType(Event.Type.MESSAGE)
        .setMessage(
            Event.Message.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(message.getAgentId()))
                .setExecutorId(ExecutorID.newBuilder().setValue(message.getExecutorId()))
                .setData(message.getData()))
        .build();
  }

  /** CP-171. */
  static Event failure(ExecutorExited exited) {
    return Event.newBuilder()
        .setType(Event.Type.FAILURE)
        .setFailure(
            Event.Failure.newBuilder()
                .setAgentId(AgentID.newBuilder().setValue(exited.getAgentId()))
                .setExecutorId(ExecutorID.newBuilder().setValue(exited.getExecutorId()))
                .setStatus(exited.getStatus()))
        .build();
  }
}
