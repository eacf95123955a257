package io.quorate.master.decide.draft;

import io.quorate.master.event.AgentBecameUnreachable;
import io.quorate.master.event.AgentMarkedGone;
import io.quorate.master.event.AgentRemoved;
import io.quorate.master.event.Event;
import io.quorate.master.event.TaskBecameUnreachable;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.TimeInfo;

/** The ways in which an agent ends, and what its tasks and operations become (Mesos 4.2). */
public final class AgentEnds {
  private AgentEnds() {}

  /** Given up: its tasks may come back with it (CP-126). */
  public static void unreachable(Draft draft, AgentId id) {
    withdraw(draft, id);
    MasterState state = draft.state();
    long now = state.cluster().timeNanos();
    Agent agent = state.agents().get(id);
    for (TaskKey key : state.tasksOn(id)) {
      Task task = state.tasks().get(key);
      if (!task.terminal()) {
        TaskStatus status =
            MasterStatus.of(
                    state,
                    key.taskId(),
                    MasterStatus.fine(state, key.framework(), TaskState.TASK_UNREACHABLE),
                    TaskStatus.Reason.REASON_AGENT_REMOVED,
                    "Agent " + agent.info().getHostname() + " is unreachable")
                .setAgentId(AgentID.newBuilder().setValue(id.value()))
                .setUnreachableTime(TimeInfo.newBuilder().setNanoseconds(now))
                .build();
        draft.emit(
            Event.newBuilder()
                .setTaskBecameUnreachable(
                    TaskBecameUnreachable.newBuilder()
                        .setFrameworkId(key.framework().value())
                        .setStatus(status)));
      }
    }
    operations(draft, id, OperationState.OPERATION_UNREACHABLE, "The agent is unreachable");
    draft.emit(
        Event.newBuilder()
            .setAgentBecameUnreachable(
                AgentBecameUnreachable.newBuilder()
                    .setAgentId(id.value())
                    .setForgetNanos(now + draft.policy().forgetAgentNanos())));
  }

  /** By an operator's word: it may never come back (CP-282). */
  public static void gone(Draft draft, AgentId id) {
    withdraw(draft, id);
    for (TaskKey key : draft.state().tasksOn(id)) {
      boolean aware =
          MasterStatus.fine(draft.state(), key.framework(), TaskState.TASK_GONE_BY_OPERATOR)
              == TaskState.TASK_GONE_BY_OPERATOR;
      lose(
          draft,
          key,
          TaskState.TASK_GONE_BY_OPERATOR,
          aware
              ? TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR
              : TaskStatus.Reason.REASON_AGENT_REMOVED,
          "Agent marked gone by the operator");
    }
    operations(
        draft, id, OperationState.OPERATION_GONE_BY_OPERATOR, "Agent marked gone by the operator");
    draft.emit(
        Event.newBuilder()
            .setAgentMarkedGone(
                AgentMarkedGone.newBuilder()
                    .setAgentId(id.value())
                    .setForgetNanos(
                        draft.state().cluster().timeNanos() + draft.policy().forgetAgentNanos())));
    draft.emit(removal(id));
  }

  /** It ended in order, or was forgotten, or its machine is down (CP-284). */
  public static void removed(Draft draft, AgentId id, String why) {
    withdraw(draft, id);
    for (TaskKey key : draft.state().tasksOn(id)) {
      lose(draft, key, TaskState.TASK_LOST, TaskStatus.Reason.REASON_AGENT_REMOVED, why);
    }
    operations(draft, id, OperationState.OPERATION_DROPPED, why);
    draft.emit(removal(id));
  }

  private static Event.Builder removal(AgentId id) {
    return Event.newBuilder().setAgentRemoved(AgentRemoved.newBuilder().setAgentId(id.value()));
  }

  /** Takes back every offer of the agent, and every wish that somebody leaves it. */
  public static void withdraw(Draft draft, AgentId id) {
    for (OfferId offer : draft.state().offersOn(id)) {
      draft.emit(EventFactory.rescinded(draft, offer));
    }
    for (InverseOffer offer : draft.state().inverseOffers().values()) {
      if (offer.agent().equals(id)) {
        draft.emit(EventFactory.rescinded(offer));
      }
    }
  }

  /** What was not over gets this state; frameworks hear of what they named, once. */
  private static void operations(Draft draft, AgentId id, OperationState state, String why) {
    for (OperationKey key : draft.state().operationsOn(id)) {
      Operation operation = draft.state().operations().get(key);
      if (!operation.terminal()) {
        OperationStatus.Builder status =
            operation.status().toBuilder().clearUuid().setState(state).setMessage(why);
        draft.emit(OperationEventFactory.updated(operation, status.build()));
      }
    }
  }

  /**
   * Ends a task in the master's own name. One whose end is known keeps it: either its own update is
   * forwarded and waits for the acknowledgement, or that update will never come and the master says
   * in its place what it knows.
   */
  public static void lose(
      Draft draft, TaskKey key, TaskState fine, TaskStatus.Reason reason, String message) {
    MasterState state = draft.state();
    Task task = state.tasks().get(key);
    if (task.terminal() && TaskStates.terminal(task.forwardedState())) {
      return;
    }
    TaskState end =
        task.terminal() ? task.state() : MasterStatus.fine(state, key.framework(), fine);
    TaskStatus status =
        MasterStatus.of(state, key.taskId(), end, reason, message)
            .setAgentId(AgentID.newBuilder().setValue(task.agent().value()))
            .build();
    draft.emit(EventFactory.updated(key.framework(), status, end));
  }
}
