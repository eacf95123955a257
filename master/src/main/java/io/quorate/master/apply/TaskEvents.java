package io.quorate.master.apply;

import com.google.protobuf.ByteString;
import io.quorate.master.event.TaskKillRequested;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.event.TaskRecovered;
import io.quorate.master.event.TaskStatusAcknowledged;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.event.UpdateDisowned;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Task;
import io.quorate.master.state.TaskKey;
import io.quorate.master.state.TaskStates;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;

/** Applies the life of tasks. */
final class TaskEvents {
  private TaskEvents() {}

  static MasterState apply(MasterState state, TaskLaunched event) {
    FrameworkId framework = new FrameworkId(event.getFrameworkId());
    Command.Builder launch =
        Command.newBuilder()
            .setLaunch(
                Command.Launch.newBuilder()
                    .setFrameworkInfo(state.frameworks().get(framework).info())
                    .setTaskInfo(event.getTaskInfo()));
    return state
        .launched(framework, event.getTaskInfo(), event.getOfferIdsList())
        .commanded(new AgentId(event.getTaskInfo().getAgentId().getValue()), launch);
  }

  static MasterState apply(MasterState state, TaskKillRequested event) {
    Task task = state.tasks().get(key(event.getFrameworkId(), event.getTaskId()));
    Command.Kill.Builder kill =
        Command.Kill.newBuilder()
            .setFrameworkId(framework(event.getFrameworkId()))
            .setTaskId(task(event.getTaskId()));
    if (event.hasKillPolicy()) {
      kill.setKillPolicy(event.getKillPolicy());
    }
    return state.commanded(task.agent(), Command.newBuilder().setKill(kill));
  }

  static MasterState apply(MasterState state, TaskStatusUpdated event) {
    TaskKey key = key(event.getFrameworkId(), event.getStatus().getTaskId().getValue());
    MasterState next = state.updated(key, event.getStatus(), event.getLatestState());
    // What the master itself says needs no acknowledgement: a task that it ended is over.
    boolean over = TaskStates.terminal(event.getLatestState()) && !event.getStatus().hasUuid();
    return over ? next.completed(key) : next;
  }

  /**
   * The agent may send the next update; a task whose end is acknowledged leaves the active ones.
   */
  static MasterState apply(MasterState state, TaskStatusAcknowledged event) {
    TaskKey key = key(event.getFrameworkId(), event.getTaskId());
    Command.Builder command =
        acknowledge(event.getFrameworkId(), event.getTaskId(), event.getUuid());
    MasterState next = state.commanded(new AgentId(event.getAgentId()), command);
    Task task = state.tasks().find(key).orElse(null);
    if (task == null || !task.pending().getUuid().equals(event.getUuid())) {
      return next;
    }
    next = next.acknowledged(key);
    return TaskStates.terminal(task.pending().getState()) ? next.completed(key) : next;
  }

  static MasterState apply(MasterState state, TaskRecovered event) {
    return state.recovered(key(event.getFrameworkId(), event.getTaskId()), event.getState());
  }

  static MasterState apply(MasterState state, UpdateDisowned event) {
    return state.commanded(
        new AgentId(event.getAgentId()),
        acknowledge(event.getFrameworkId(), event.getTaskId(), event.getUuid()));
  }

  private static Command.Builder acknowledge(String framework, String task, ByteString uuid) {
    return Command.newBuilder()
        .setAcknowledge(
            Command.Acknowledge.newBuilder()
                .setFrameworkId(framework(framework))
                .setTaskId(task(task))
                .setUuid(uuid));
  }

  private static TaskKey key(String framework, String task) {
    return new TaskKey(new FrameworkId(framework), task);
  }

  private static FrameworkID framework(String value) {
    return FrameworkID.newBuilder().setValue(value).build();
  }

  private static TaskID task(String value) {
    return TaskID.newBuilder().setValue(value).build();
  }
}
