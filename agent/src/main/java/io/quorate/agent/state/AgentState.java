package io.quorate.agent.state;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.record.ExecutorKept;
import io.quorate.agent.store.record.OperationDone;
import io.quorate.agent.store.record.Snapshot;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.protocol.agentlink.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.pcollections.HashTreePMap;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;

/**
 * All that an agent knows: an immutable value. The first parts are what the journal tells; the last
 * one, the session, is of this process only and is rebuilt after a restart.
 *
 * @param head identity, term, last command and drain: a snapshot without its lists
 * @param executors those whose end the master does not know, in the order of their launch
 * @param tasks those whose terminal update is not acknowledged, in the order of their launch
 * @param operations those carried out whose end the master has not acknowledged
 * @param unfinished operations that are to be carried out, by their uuid
 */
public record AgentState(
    Snapshot head,
    OrderedPMap<ExecutorId, AgentExecutor> executors,
    OrderedPMap<TaskId, AgentTask> tasks,
    OrderedPMap<ByteString, OperationDone> operations,
    OrderedPMap<ByteString, Command.ApplyOperation> unfinished,
    Session session) {

  /**
   * What only this process of the agent knows; nothing of it is in the journal.
   *
   * @param released whether a master has taken the agent back, so that processes may be started
   */
  public record Session(
      boolean released,
      PMap<TaskId, TaskRun> tasks,
      PMap<ExecutorId, ExecutorRun> executors,
      PMap<ByteString, Retry> operations) {
    public static final Session EMPTY =
        new Session(false, HashTreePMap.empty(), HashTreePMap.empty(), HashTreePMap.empty());

    /** A master has taken the agent: everything is told at once, and what waits is started. */
    public Session registered() {
      Session now = new Session(true, tasks, executors, HashTreePMap.empty());
      for (Map.Entry<TaskId, TaskRun> task : tasks.entrySet()) {
        now = now.with(task.getKey(), task.getValue().retry(Retry.NOW));
      }
      for (Map.Entry<ExecutorId, ExecutorRun> executor : executors.entrySet()) {
        now = now.with(executor.getKey(), executor.getValue().retry(Retry.STEADY));
      }
      return now;
    }

    public Session with(TaskId id, TaskRun run) {
      return new Session(released, tasks.plus(id, run), executors, operations);
    }

    public Session with(ExecutorId id, ExecutorRun run) {
      return new Session(released, tasks, executors.plus(id, run), operations);
    }

    public Session with(ByteString operation, Retry retry) {
      return new Session(released, tasks, executors, operations.plus(operation, retry));
    }

    Session without(TaskId id) {
      return new Session(released, tasks.minus(id), executors, operations);
    }

    Session without(ExecutorId id) {
      return new Session(released, tasks, executors.minus(id), operations);
    }

    Session without(ByteString operation) {
      return new Session(released, tasks, executors, operations.minus(operation));
    }
  }

  /** An agent that was never started. */
  public static final AgentState EMPTY =
      new AgentState(
          Snapshot.getDefaultInstance(),
          OrderedPMap.empty(),
          OrderedPMap.empty(),
          OrderedPMap.empty(),
          OrderedPMap.empty(),
          Session.EMPTY);

  /** The state that a snapshot tells, of a process that just began. */
  public static AgentState of(Snapshot snapshot) {
    AgentState state =
        EMPTY.withHead(
            head ->
                head.mergeFrom(snapshot)
                    .clearExecutors()
                    .clearTasks()
                    .clearOperations()
                    .clearUnfinished());
    for (ExecutorKept executor : snapshot.getExecutorsList()) {
      state = state.with(new AgentExecutor(executor));
    }
    for (TaskKept task : snapshot.getTasksList()) {
      state = state.with(new AgentTask(task));
    }
    for (OperationDone operation : snapshot.getOperationsList()) {
      state = state.withOperation(operation);
    }
    for (Command.ApplyOperation operation : snapshot.getUnfinishedList()) {
      state = state.withUnfinished(operation);
    }
    return state;
  }

  /** All that the journal has to tell; {@link #of} gives an equal state but for the session. */
  public Snapshot snapshot() {
    Snapshot.Builder snapshot = head.toBuilder();
    executors.values().forEach(executor -> snapshot.addExecutors(executor.kept()));
    tasks.values().forEach(task -> snapshot.addTasks(task.kept()));
    return snapshot
        .addAllOperations(operations.values())
        .addAllUnfinished(unfinished.values())
        .build();
  }

  // -- Reading ----------------------------------------------------------------------------------

  /** Returns the agent's id, which is empty before a master gave one. */
  public String agentId() {
    return head.getIdentity().getAgentId();
  }

  /** Returns the number of the last command that was taken. */
  public long lastCommand() {
    return head.getLastCommand();
  }

  public Optional<AgentTask> task(TaskId id) {
    return Optional.ofNullable(tasks.get(id));
  }

  public Optional<AgentExecutor> executor(ExecutorId id) {
    return Optional.ofNullable(executors.get(id));
  }

  /** The task of a run, if it is still of interest. */
  public Optional<AgentTask> taskOf(RunId run) {
    return task(run.taskId()).filter(task -> task.run().equals(run));
  }

  /** The executor of a run, if it is still of interest. */
  public Optional<AgentExecutor> executorOf(RunId run) {
    return executor(run.executor()).filter(executor -> executor.run().equals(run));
  }

  public TaskRun run(TaskId id) {
    return session.tasks().getOrDefault(id, TaskRun.NONE);
  }

  public ExecutorRun run(ExecutorId id) {
    return session.executors().getOrDefault(id, ExecutorRun.NONE);
  }

  /**
   * Returns the tasks of an executor that the framework described, in the order of their launch.
   */
  public List<AgentTask> tasksOf(ExecutorId id) {
    List<AgentTask> found = new ArrayList<>();
    for (AgentTask task : tasks.values()) {
      if (task.info().hasExecutor() && task.executor().equals(id)) {
        found.add(task);
      }
    }
    return found;
  }

  /** Returns the tasks of the same launch, of which this one is one. */
  public List<AgentTask> launchedWith(AgentTask launched) {
    return launched.kept().getGrouped()
        ? tasksOf(launched.executor()).stream()
            .filter(task -> task.number() == launched.number())
            .toList()
        : List.of(launched);
  }

  /** The runs that were started and whose end was not found yet. */
  public List<RunId> watched() {
    List<RunId> runs = new ArrayList<>();
    for (AgentTask task : tasks.values()) {
      if (!task.terminal() && run(task.id()).phase() == RunPhase.RUNNING) {
        runs.add(task.run());
      }
    }
    for (AgentExecutor executor : executors.values()) {
      if (!executor.over() && run(executor.id()).phase() == RunPhase.RUNNING) {
        runs.add(executor.run());
      }
    }
    return runs;
  }

  /** Of a task and those launched with it, the runs whose end was not found yet. */
  public List<RunId> companions(AgentTask task) {
    return launchedWith(task).stream()
        .filter(other -> !other.terminal() && run(other.id()).phase() == RunPhase.RUNNING)
        .map(AgentTask::run)
        .toList();
  }

  // -- Changing, by apply only ------------------------------------------------------------------

  /** Changes identity, term, last command or drain. */
  public AgentState withHead(Consumer<Snapshot.Builder> change) {
    Snapshot.Builder next = head.toBuilder();
    change.accept(next);
    return new AgentState(next.build(), executors, tasks, operations, unfinished, session);
  }

  public AgentState withSession(Session now) {
    return new AgentState(head, executors, tasks, operations, unfinished, now);
  }

  private AgentState withExecutors(OrderedPMap<ExecutorId, AgentExecutor> now) {
    return new AgentState(head, now, tasks, operations, unfinished, session);
  }

  private AgentState withTasks(OrderedPMap<TaskId, AgentTask> now) {
    return new AgentState(head, executors, now, operations, unfinished, session);
  }

  private AgentState withOperations(
      OrderedPMap<ByteString, OperationDone> done,
      OrderedPMap<ByteString, Command.ApplyOperation> open) {
    return new AgentState(head, executors, tasks, done, open, session);
  }

  /** Adds or replaces an executor; one that lacks its description is none. */
  public AgentState with(AgentExecutor executor) {
    boolean whole = executor.framework().hasId() && executor.kept().hasExecutorInfo();
    return whole ? withExecutors(executors.plus(executor.id(), executor)) : this;
  }

  /** Adds or replaces a task; one that lacks its description is none. */
  public AgentState with(AgentTask task) {
    Command.Launch launch = task.kept().getLaunch().getLaunch();
    boolean whole = launch.getFrameworkInfo().hasId() && launch.hasTaskInfo();
    return whole ? withTasks(tasks.plus(task.id(), task)) : this;
  }

  /** Changes an executor where it is known. */
  public AgentState change(ExecutorId id, UnaryOperator<AgentExecutor> change) {
    AgentExecutor executor = executors.get(id);
    return executor == null ? this : with(change.apply(executor));
  }

  /** Changes a task where it is known. */
  public AgentState change(TaskId id, UnaryOperator<AgentTask> change) {
    AgentTask task = tasks.get(id);
    return task == null ? this : with(change.apply(task));
  }

  /** The executor is known no more. */
  public AgentState without(ExecutorId id) {
    return withExecutors(executors.minus(id)).withSession(session.without(id));
  }

  /** The task is known no more. */
  public AgentState without(TaskId id) {
    return withTasks(tasks.minus(id)).withSession(session.without(id));
  }

  public AgentState withUnfinished(Command.ApplyOperation operation) {
    return withOperations(operations, unfinished.plus(operation.getOperationUuid(), operation));
  }

  /** The operation was carried out; one without a status was not. */
  public AgentState withOperation(OperationDone done) {
    if (!done.hasStatus()) {
      return this;
    }
    return withOperations(
        operations.plus(done.getOperationUuid(), done), unfinished.minus(done.getOperationUuid()));
  }

  /** The master knows of the operation's end. */
  public AgentState withoutOperation(ByteString operation) {
    return withOperations(operations.minus(operation), unfinished)
        .withSession(session.without(operation));
  }
}
