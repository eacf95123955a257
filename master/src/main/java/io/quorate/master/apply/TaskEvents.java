package io.quorate.master.apply;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Event;
import io.quorate.master.event.StrayTaskKilled;
import io.quorate.master.event.TaskBecameUnreachable;
import io.quorate.master.event.TaskGroupLaunched;
import io.quorate.master.event.TaskKillRequested;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.event.TaskRecovered;
import io.quorate.master.event.TaskStatusAcknowledged;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.event.UpdateDisowned;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;

/** Applies the life of tasks. */
final class TaskEvents {
  private TaskEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case TASK_LAUNCHED -> apply(state, event.getTaskLaunched());
      case TASK_GROUP_LAUNCHED -> apply(state, event.getTaskGroupLaunched());
      case TASK_KILL_REQUESTED -> apply(state, event.getTaskKillRequested());
      case TASK_STATUS_UPDATED -> apply(state, event.getTaskStatusUpdated());
      case TASK_STATUS_ACKNOWLEDGED -> apply(state, event.getTaskStatusAcknowledged());
      case TASK_RECOVERED -> apply(state, event.getTaskRecovered());
      case TASK_BECAME_UNREACHABLE -> apply(state, event.getTaskBecameUnreachable());
      case STRAY_TASK_KILLED -> apply(state, event.getStrayTaskKilled());
      case UPDATE_DISOWNED -> apply(state, event.getUpdateDisowned());
      default -> throw new IllegalStateException("no event of tasks: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, TaskLaunched event) {
    FrameworkId framework = new FrameworkId(event.getFrameworkId());
    TaskInfo task = event.getTaskInfo();
    AgentId agent = new AgentId(task.getAgentId().getValue());
    Framework launcher = state.frameworks().find(framework).orElse(null);
    if (launcher == null || !event.hasTaskInfo() || !state.agents().has(agent)) {
      return state;
    }
    MasterState next = state;
    Command.Launch.Builder launch =
        Command.Launch.newBuilder().setFrameworkInfo(launcher.info()).setTaskInfo(task);
    if (task.hasExecutor()) {
      if (!ExecutorEvents.runs(state, framework, agent, task.getExecutor())) {
        launch.setNewExecutor(true);
      }
      next = ExecutorEvents.started(next, framework, agent, task.getExecutor());
    }
    return next.launched(framework, task).commanded(agent, Command.newBuilder().setLaunch(launch));
  }

  static MasterState apply(MasterState state, TaskGroupLaunched event) {
    FrameworkId framework = new FrameworkId(event.getFrameworkId());
    List<TaskInfo> tasks = event.getTaskGroup().getTasksList();
    Framework launcher = state.frameworks().find(framework).orElse(null);
    if (launcher == null || tasks.isEmpty() || !event.hasExecutorInfo()) {
      return state;
    }
    AgentId agent = new AgentId(tasks.get(0).getAgentId().getValue());
    if (!state.agents().has(agent)) {
      return state;
    }
    MasterState next = ExecutorEvents.started(state, framework, agent, event.getExecutorInfo());
    for (TaskInfo task : tasks) {
      next = next.launched(framework, task);
    }
    Command.LaunchGroup.Builder launch =
        Command.LaunchGroup.newBuilder()
            .setFrameworkInfo(launcher.info())
            .setExecutorInfo(event.getExecutorInfo())
            .setTaskGroup(event.getTaskGroup());
    if (!ExecutorEvents.runs(state, framework, agent, event.getExecutorInfo())) {
      launch.setNewExecutor(true);
    }
    return next.commanded(agent, Command.newBuilder().setLaunchGroup(launch));
  }

  static MasterState apply(MasterState state, TaskKillRequested event) {
    Task task = state.tasks().find(key(event.getFrameworkId(), event.getTaskId())).orElse(null);
    if (task == null) {
      return state;
    }
    Command.Kill.Builder kill =
        Command.Kill.newBuilder()
            .setFrameworkId(framework(event.getFrameworkId()))
            .setTaskId(task(event.getTaskId()));
    if (event.hasKillPolicy()) {
      kill.setKillPolicy(event.getKillPolicy());
    }
    return state.commanded(task.agent(), Command.newBuilder().setKill(kill));
  }

  static MasterState apply(MasterState state, StrayTaskKilled event) {
    return state.commanded(
        new AgentId(event.getAgentId()),
        Command.newBuilder()
            .setKill(
                Command.Kill.newBuilder()
                    .setFrameworkId(framework(event.getFrameworkId()))
                    .setTaskId(task(event.getTaskId()))));
  }

  static MasterState apply(MasterState state, TaskStatusUpdated event) {
    if (!event.hasStatus()) {
      return state;
    }
    TaskKey key = key(event.getFrameworkId(), event.getStatus().getTaskId().getValue());
    MasterState next = state.updated(key, event.getStatus(), event.getLatestState());
    // What the master itself says needs no acknowledgement: a task that it ended is over.
    boolean over = TaskStates.terminal(event.getLatestState()) && !event.getStatus().hasUuid();
    return over ? next.completed(key) : next;
  }

  /**
   * The agent may send the next update; a task whose end is acknowledged leaves the active ones. It
   * may be that the agent, the task or both are gone by now.
   */
  static MasterState apply(MasterState state, TaskStatusAcknowledged event) {
    TaskKey key = key(event.getFrameworkId(), event.getTaskId());
    Command.Builder command =
        acknowledge(event.getFrameworkId(), event.getTaskId(), event.getUuid());
    AgentId agent = new AgentId(event.getAgentId());
    MasterState next = state.commanded(agent, command);
    Task task = state.tasks().find(key).orElse(null);
    if (task == null || !task.pending().getUuid().equals(event.getUuid())) {
      return next;
    }
    next = next.acknowledged(key);
    return TaskStates.terminal(task.pending().getState()) ? next.completed(key) : next;
  }

  static MasterState apply(MasterState state, TaskRecovered event) {
    TaskStatus status = event.getStatus();
    return state.recovered(
        key(event.getFrameworkId(), status.getTaskId().getValue()), status.getState());
  }

  /** It holds nothing any more; it may come back with its agent. */
  static MasterState apply(MasterState state, TaskBecameUnreachable event) {
    return state.lost(key(event.getFrameworkId(), event.getStatus().getTaskId().getValue()));
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
