package io.quorate.master.decide.task;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.event.Event;
import io.quorate.master.event.TaskKillRequested;
import io.quorate.master.event.TaskStatusAcknowledged;
import io.quorate.master.event.TasksReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.v1.scheduler.Call;

/** Decides KILL, ACKNOWLEDGE and RECONCILE (Mesos 3.3, 3.7). */
public final class TaskDecisions {
  private TaskDecisions() {}

  /** A kill is the agent's next command: it reaches an agent that is away when it comes back. */
  public static Decision kill(Draft draft, Framework framework, Call.Kill call) {
    MasterState state = draft.state();
    TaskKey key = new TaskKey(framework.id(), call.getTaskId().getValue());
    Task task = state.tasks().find(key).orElse(null);
    if (task == null) {
      // Answered as an explicit reconciliation (CP-151).
      TasksReconciled.AskedTask.Builder asked =
          TasksReconciled.AskedTask.newBuilder().setTaskId(key.taskId());
      if (call.hasAgentId()) {
        asked.setAgentId(call.getAgentId().getValue());
      }
      draft.emit(
          Event.newBuilder()
              .setTasksReconciled(
                  TasksReconciled.newBuilder()
                      .setFrameworkId(framework.id().value())
                      .addTasks(asked)));
      return draft.accepted();
    }
    boolean elsewhere =
        call.hasAgentId() && !call.getAgentId().getValue().equals(task.agent().value());
    if (elsewhere || task.terminal()) {
      return draft.accepted();
    }
    TaskKillRequested.Builder kill =
        TaskKillRequested.newBuilder()
            .setFrameworkId(framework.id().value())
            .setTaskId(key.taskId());
    if (call.hasKillPolicy()) {
      kill.setKillPolicy(call.getKillPolicy());
    }
    draft.emit(Event.newBuilder().setTaskKillRequested(kill));
    return draft.accepted();
  }

  /**
   * Passed on to the agent whose update it is, if it still exists. An update that is not the
   * pending one was acknowledged before: nobody waits for it.
   */
  public static Decision acknowledge(Draft draft, Framework framework, Call.Acknowledge call) {
    MasterState state = draft.state();
    AgentId agent = new AgentId(call.getAgentId().getValue());
    TaskKey key = new TaskKey(framework.id(), call.getTaskId().getValue());
    boolean pending =
        state
            .tasks()
            .find(key)
            .filter(task -> task.agent().equals(agent))
            .filter(task -> task.pending().getUuid().equals(call.getUuid()))
            .isPresent();
    if (pending) {
      draft.emit(
          Event.newBuilder()
              .setTaskStatusAcknowledged(
                  TaskStatusAcknowledged.newBuilder()
                      .setFrameworkId(framework.id().value())
                      .setAgentId(agent.value())
                      .setTaskId(key.taskId())
                      .setUuid(call.getUuid())));
    }
    return draft.accepted();
  }

  public static Decision reconcile(Draft draft, Framework framework, Call.Reconcile call) {
    TasksReconciled.Builder reconciled =
        TasksReconciled.newBuilder().setFrameworkId(framework.id().value());
    for (Call.Reconcile.Task task : call.getTasksList()) {
      TasksReconciled.AskedTask.Builder asked =
          TasksReconciled.AskedTask.newBuilder().setTaskId(task.getTaskId().getValue());
      if (task.hasAgentId()) {
        asked.setAgentId(task.getAgentId().getValue());
      }
      reconciled.addTasks(asked);
    }
    draft.emit(Event.newBuilder().setTasksReconciled(reconciled));
    return draft.accepted();
  }
}
