package io.quorate.master.effect;

import io.quorate.master.decide.draft.MasterStatus;
import io.quorate.master.event.TasksReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.TimeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Answers to RECONCILE (Mesos 3.7), from the state at the call's index. Mesos's row without an
 * answer does not exist here: a new leader knows every task.
 */
final class Reconciliation {
  private Reconciliation() {}

  static List<TaskStatus> answers(MasterState state, TasksReconciled asked) {
    List<TaskStatus> answers = new ArrayList<>();
    Framework framework = state.frameworks().get(new FrameworkId(asked.getFrameworkId()));
    if (asked.getTasksCount() == 0) {
      for (Task task : state.tasksOf(framework.id())) {
        if (!task.unreachable()) {
          answers.add(known(state, task));
        }
      }
      return answers;
    }
    for (TasksReconciled.AskedTask wanted : asked.getTasksList()) {
      Optional<Task> task = state.tasks().find(new TaskKey(framework.id(), wanted.getTaskId()));
      answers.add(
          task.isEmpty()
              ? unknown(state, framework, wanted)
              : task.get().unreachable()
                  ? reconciled(unreachable(state, task.get()), "Task is unreachable")
                  : known(state, task.get()));
    }
    return answers;
  }

  /**
   * Updates that wait for their acknowledgement and that no agent sends again: it was removed. A
   * framework that reconciles gets them once more.
   */
  static List<TaskStatus> orphanedUpdates(MasterState state, FrameworkId framework) {
    List<TaskStatus> orphaned = new ArrayList<>();
    for (Task task : state.tasksOf(framework)) {
      if (task.pending().hasUuid() && !state.agents().has(task.agent())) {
        orphaned.add(task.pending());
      }
    }
    return orphaned;
  }

  /** Returns the state forwarded last (CP-243). */
  private static TaskStatus known(MasterState state, Task task) {
    TaskStatus last = task.lastStatus();
    TaskStatus.Builder answer =
        MasterStatus.of(
                state,
                task.key().taskId(),
                task.forwardedState(),
                TaskStatus.Reason.REASON_RECONCILIATION,
                "Reconciliation: Latest task state")
            .setAgentId(AgentID.newBuilder().setValue(task.agent().value()));
    if (last.hasExecutorId()) {
      answer.setExecutorId(last.getExecutorId());
    }
    if (last.hasHealthy()) {
      answer.setHealthy(last.getHealthy());
    }
    if (last.hasCheckStatus()) {
      answer.setCheckStatus(last.getCheckStatus());
    }
    if (last.hasContainerStatus()) {
      answer.setContainerStatus(last.getContainerStatus());
    }
    return answer.build();
  }

  /** Mesos 3.7, the rows after the first (CP-245 to CP-248). */
  private static TaskStatus unknown(
      MasterState state, Framework framework, TasksReconciled.AskedTask asked) {
    AgentId id = new AgentId(asked.getAgentId());
    Optional<Agent> agent = state.agents().find(id);
    boolean gone = state.goneAgents().has(id);
    TaskState fine;
    String message;
    if (gone) {
      fine = TaskState.TASK_GONE_BY_OPERATOR;
      message = "Task is gone";
    } else if (agent.isEmpty()) {
      fine = TaskState.TASK_UNKNOWN;
      message = "Task is unknown";
    } else if (agent.get().unreachable()) {
      fine = TaskState.TASK_UNREACHABLE;
      message = "Task is unreachable";
    } else {
      fine = TaskState.TASK_GONE;
      message = "Task is unknown to the agent";
    }
    TaskStatus.Builder answer =
        MasterStatus.of(
            state,
            asked.getTaskId(),
            MasterStatus.fine(framework, fine),
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Reconciliation: " + message);
    if (asked.hasAgentId()) {
      answer.setAgentId(AgentID.newBuilder().setValue(asked.getAgentId()));
    }
    agent.filter(Agent::unreachable).ifPresent(lost -> answer.setUnreachableTime(time(lost)));
    return answer.build();
  }

  /** What a framework is told of a task on an agent that was given up (CP-126). */
  static TaskStatus unreachable(MasterState state, Task task) {
    Framework framework = state.frameworks().get(task.key().framework());
    Agent agent = state.agents().get(task.agent());
    return MasterStatus.of(
            state,
            task.key().taskId(),
            MasterStatus.fine(framework, TaskState.TASK_UNREACHABLE),
            TaskStatus.Reason.REASON_AGENT_REMOVED,
            "Agent " + agent.info().getHostname() + " is unreachable")
        .setAgentId(AgentID.newBuilder().setValue(agent.id().value()))
        .setUnreachableTime(time(agent))
        .build();
  }

  private static TaskStatus reconciled(TaskStatus status, String message) {
    return status.toBuilder()
        .setReason(TaskStatus.Reason.REASON_RECONCILIATION)
        .setMessage("Reconciliation: " + message)
        .build();
  }

  private static TimeInfo time(Agent agent) {
    return TimeInfo.newBuilder().setNanoseconds(agent.unreachableNanos()).build();
  }
}
