package io.quorate.master.decide.agent;

import io.quorate.master.decide.draft.AgentEnds;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.task.ExecutorDecisions;
import io.quorate.master.decide.task.OperationDecisions;
import io.quorate.master.event.AgentDisconnected;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.CloseLink;
import io.quorate.master.event.CommandsConfirmed;
import io.quorate.master.event.ConfirmCommands;
import io.quorate.master.event.Event;
import io.quorate.master.event.MarkUnreachable;
import io.quorate.master.event.TaskStatusRepeated;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.Optional;

/** Decides what agents say and what befalls their links (Mesos 4.1, 4.2). */
public final class AgentDecisions {
  private AgentDecisions() {}

  public static Decision decide(Draft draft, AgentLinkCall asked) {
    MasterState state = draft.state();
    AgentCall call = asked.getCall();
    if (call.getType() == AgentCall.Type.SUBSCRIBE) {
      return LinkDecision.decide(draft, asked);
    }
    Agent agent = state.agents().find(new AgentId(call.getAgentId().getValue())).orElse(null);
    if (agent == null || !agent.linkId().equals(asked.getLinkId())) {
      return refused(Refusal.conflict("This is not the agent's current link: subscribe again"));
    }
    if (call.getCommandsDone() > agent.lastCommand()) {
      return refused(
          Refusal.badRequest(
              "commands_done is "
                  + call.getCommandsDone()
                  + ", but only "
                  + agent.lastCommand()
                  + " commands were sent"));
    }
    return switch (call.getType()) {
      case UPDATE -> update(draft, agent, call);
      case EXECUTOR_MESSAGE, EXECUTOR_EXITED, OPERATION_UPDATE -> other(draft, agent, call);
      case UNREGISTER -> unregister(draft, agent);
      case PONG, SUBSCRIBE, HELLO, UNKNOWN ->
          refused(Refusal.badRequest("Calls of type " + call.getType() + " are not decided"));
    };
  }

  private static Decision other(Draft draft, Agent agent, AgentCall call) {
    confirm(draft, agent, call.getCommandsDone());
    switch (call.getType()) {
      case EXECUTOR_MESSAGE -> ExecutorDecisions.message(draft, agent, call.getExecutorMessage());
      case EXECUTOR_EXITED -> ExecutorDecisions.exited(draft, agent, call.getExecutorExited());
      default -> OperationDecisions.update(draft, agent, call.getOperationUpdate());
    }
    return draft.accepted();
  }

  private static Decision update(Draft draft, Agent agent, AgentCall call) {
    MasterState state = draft.state();
    confirm(draft, agent, call.getCommandsDone());
    AgentCall.Update update = call.getUpdate();
    TaskStatus status = update.getStatus();
    TaskKey key =
        new TaskKey(
            new FrameworkId(update.getFrameworkId().getValue()), status.getTaskId().getValue());
    Task task = state.tasks().find(key).orElse(null);
    if (task == null || !task.agent().equals(agent.id())) {
      // Acknowledged long ago, or its framework is gone: nobody will ever acknowledge it.
      draft.emit(
          EventFactory.disowned(
              agent.id(), key.framework().value(), key.taskId(), status.getUuid()));
    } else if (task.pending().getUuid().equals(status.getUuid()) && tellsNothingNew(task, update)) {
      draft.emit(
          Event.newBuilder()
              .setTaskStatusRepeated(
                  TaskStatusRepeated.newBuilder()
                      .setFrameworkId(key.framework().value())
                      .setStatus(status)));
    } else if (!acknowledgedBefore(task, status)) {
      draft.emit(EventFactory.updated(key.framework(), status, latest(update)));
    }
    return draft.accepted();
  }

  /**
   * An update that is sent again says also what has become of the task meanwhile. If it ended, its
   * resources are free from now on, though earlier updates wait for their acknowledgements
   * (CP-257).
   */
  private static boolean tellsNothingNew(Task task, AgentCall.Update update) {
    return task.terminal() || task.state() == latest(update);
  }

  private static TaskState latest(AgentCall.Update update) {
    return update.hasLatestState() ? update.getLatestState() : update.getStatus().getState();
  }

  /** Sent again while the acknowledgement was on its way to the agent. */
  private static boolean acknowledgedBefore(Task task, TaskStatus status) {
    return !task.pending().getUuid().equals(status.getUuid())
        && task.statuses().stream().anyMatch(told -> told.getUuid().equals(status.getUuid()));
  }

  /** The agent ends for good: its tasks are lost, for all frameworks alike (CP-284). */
  private static Decision unregister(Draft draft, Agent agent) {
    AgentEnds.removed(draft, agent.id(), "Agent removed");
    return draft.accepted();
  }

  /** A link that was replaced meanwhile is nobody's. */
  public static Decision closeLink(Draft draft, CloseLink call) {
    MasterState state = draft.state();
    AgentId id = new AgentId(call.getAgentId());
    Agent agent = state.agents().find(id).orElse(null);
    if (agent != null && agent.linkId().equals(call.getLinkId())) {
      draft.emit(
          Event.newBuilder()
              .setAgentDisconnected(AgentDisconnected.newBuilder().setAgentId(id.value())));
      AgentEnds.withdraw(draft, id);
      loseWithoutCheckpoint(draft, id);
    }
    return draft.accepted();
  }

  /** Frameworks that do not checkpoint lose their tasks with the link (CP-280). */
  private static void loseWithoutCheckpoint(Draft draft, AgentId id) {
    for (TaskKey key : draft.state().tasksOn(id)) {
      if (!checkpoints(draft.state(), key.framework())) {
        AgentEnds.lose(
            draft,
            key,
            TaskState.TASK_LOST,
            TaskStatus.Reason.REASON_AGENT_DISCONNECTED,
            "Agent disconnected");
      }
    }
    for (ExecutorKey key : draft.state().executorsOn(id)) {
      if (!checkpoints(draft.state(), key.framework())) {
        ExecutorDecisions.removed(draft, key);
      }
    }
  }

  private static boolean checkpoints(MasterState state, FrameworkId id) {
    return state.frameworks().find(id).filter(known -> known.info().getCheckpoint()).isPresent();
  }

  /** The agent was silent for its whole ping budget. */
  public static Decision markUnreachable(Draft draft, MarkUnreachable call) {
    MasterState state = draft.state();
    AgentId id = new AgentId(call.getAgentId());
    Optional<Agent> agent = state.agents().find(id);
    if (agent.isPresent() && !agent.get().unreachable()) {
      AgentEnds.unreachable(draft, id);
    }
    return draft.accepted();
  }

  public static Decision confirm(Draft draft, ConfirmCommands call) {
    MasterState state = draft.state();
    Optional<Agent> agent = state.agents().find(new AgentId(call.getAgentId()));
    if (agent.isPresent() && call.getCommandsDone() <= agent.get().lastCommand()) {
      confirm(draft, agent.get(), call.getCommandsDone());
    }
    return draft.accepted();
  }

  private static void confirm(Draft draft, Agent agent, long done) {
    if (done > agent.commandsDone()) {
      draft.emit(
          Event.newBuilder()
              .setCommandsConfirmed(
                  CommandsConfirmed.newBuilder()
                      .setAgentId(agent.id().value())
                      .setCommandsDone(done)));
    }
  }

  private static Decision refused(Refusal why) {
    return new Decision.Refused(why);
  }
}
