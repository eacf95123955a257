package io.quorate.agent.decide;

import com.google.protobuf.ByteString;
import io.quorate.agent.apply.AgentApply;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.ExecutorRun;
import io.quorate.agent.state.Moment;
import io.quorate.agent.state.Retry;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.TaskId;
import io.quorate.agent.state.TaskRun;
import io.quorate.agent.store.record.JournalRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Collects what one decision leads to. Each record is applied at once, with the same code that
 * reads the journal after a restart, so that what follows in the same decision sees it. It is the
 * only mutable thing in this package.
 */
final class AgentDraft {
  private final List<JournalRecord> records = new ArrayList<>();
  private final List<AgentAction> actions = new ArrayList<>();
  private final Moment moment;
  private AgentState state;
  private Optional<ExecutorCallRefusal> refusal = Optional.empty();
  private int ids;

  AgentDraft(AgentState state, Moment moment) {
    this.state = state;
    this.moment = moment;
  }

  AgentState state() {
    return state;
  }

  Moment moment() {
    return moment;
  }

  long now() {
    return moment.millis();
  }

  /** Returns a new id, unlike all others. */
  ByteString uuid() {
    return moment.uuid(ids++);
  }

  void emit(JournalRecord.Builder record) {
    JournalRecord made = record.setTimeMillis(moment.millis()).build();
    state = AgentApply.apply(state, made);
    records.add(made);
  }

  void act(AgentAction action) {
    actions.add(action);
  }

  void refuse(int status, String text) {
    refusal = Optional.of(new ExecutorCallRefusal(status, text));
  }

  // -- What is of this process only -------------------------------------------------------------

  void session(UnaryOperator<AgentState.Session> change) {
    state = state.withSession(change.apply(state.session()));
  }

  /** Changes what this process knows of a task, if the task is still known. */
  void run(TaskId id, UnaryOperator<TaskRun> change) {
    if (state.task(id).isPresent()) {
      session(session -> session.with(id, change.apply(state.run(id))));
    }
  }

  /** Changes what this process knows of an executor, if the executor is still known. */
  void run(ExecutorId id, UnaryOperator<ExecutorRun> change) {
    if (state.executor(id).isPresent()) {
      session(session -> session.with(id, change.apply(state.run(id))));
    }
  }

  void retry(ByteString operation, Retry retry) {
    session(session -> session.with(operation, retry));
  }

  // -- Asking -----------------------------------------------------------------------------------

  /** The task as it is now; the one given if it is known no more. */
  AgentTask now(AgentTask task) {
    return state.task(task.id()).orElse(task);
  }

  /** Whether the task is known and not over. */
  boolean alive(TaskId id) {
    return state.task(id).map(task -> !task.terminal()).orElse(false);
  }

  void forget(RunId run) {
    act(new AgentAction.Forget(run.container(state.agentId())));
  }

  AgentDecision decision() {
    return new AgentDecision(List.copyOf(records), List.copyOf(actions), state, refusal);
  }
}
