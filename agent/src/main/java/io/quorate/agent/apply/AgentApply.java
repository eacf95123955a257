package io.quorate.agent.apply;

import com.google.protobuf.ByteString;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.Retry;
import io.quorate.agent.state.TaskId;
import io.quorate.agent.store.record.ExecutorKept;
import io.quorate.agent.store.record.ExecutorTold;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.agent.store.record.UpdateMade;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What each record of the journal means. It is the only interpreter of records: the same code runs
 * when a record is decided and when it is read after a restart. It is total: a record that does not
 * fit the state changes nothing.
 */
public final class AgentApply {
  /** How many of its latest updates a task knows again. */
  private static final int SEEN_MAX = 1_000;

  private AgentApply() {}

  /**
   * Applies one record.
   *
   * @throws IllegalStateException if this release does not know the record: the agent must stop
   *     rather than skip a fact
   */
  public static AgentState apply(AgentState state, JournalRecord record) {
    return switch (record.getWhatCase()) {
      case SNAPSHOT -> AgentState.of(record.getSnapshot()).withSession(state.session());
      case IDENTITY -> identity(state, record.getIdentity());
      case INTRODUCED -> state.withHead(head -> head.setIntroduced(record.getIntroduced()));
      case TERM -> state.withHead(head -> head.setTerm(Math.max(head.getTerm(), record.getTerm())));
      case COMMANDS_DONE -> state.withHead(head -> head.setLastCommand(record.getCommandsDone()));
      case COMMAND -> CommandApply.apply(state, record.getCommand(), record.getTimeMillis());
      case DRAINING -> state.withHead(head -> head.setDraining(record.getDraining()));

      case KEPT -> kept(state, new AgentTask(record.getKept()));
      case UPDATE -> updated(state, record.getUpdate(), record.getTimeMillis());
      case TASK_KILLED -> {
        var killed = record.getTaskKilled();
        yield kill(
            state,
            new TaskId(killed.getFrameworkId(), killed.getTaskId()),
            killed.getDeadlineMillis());
      }

      case EXECUTOR_KEPT -> state.with(new AgentExecutor(record.getExecutorKept()));
      case EXECUTOR_SUBSCRIBED -> {
        var subscribed = record.getExecutorSubscribed();
        ExecutorId id = new ExecutorId(subscribed.getFrameworkId(), subscribed.getExecutorId());
        yield change(state, id, kept -> kept.setSubscribed(true));
      }
      case EXECUTOR_SHUTDOWN -> {
        var shutdown = record.getExecutorShutdown();
        ExecutorId id = new ExecutorId(shutdown.getFrameworkId(), shutdown.getExecutorId());
        yield change(
            state,
            id,
            kept -> kept.setShuttingDown(true).setDeadlineMillis(shutdown.getDeadlineMillis()));
      }
      case EXECUTOR_ENDED -> {
        var ended = record.getExecutorEnded();
        ExecutorId id = new ExecutorId(ended.getFrameworkId(), ended.getExecutorId());
        yield change(state, id, kept -> kept.setStatus(ended.getStatus()));
      }
      case EXECUTOR_TOLD -> told(state, record.getExecutorTold());

      case OPERATION -> state.withOperation(record.getOperation());

      case WHAT_NOT_SET ->
          throw new IllegalStateException(
              "the journal has a record of a later release: " + record.getUnknownFields());
    };
  }

  private static AgentState identity(AgentState state, Identity identity) {
    return state.withHead(head -> head.setIdentity(identity));
  }

  private static AgentState change(
      AgentState state, ExecutorId id, Consumer<ExecutorKept.Builder> change) {
    return state.change(id, executor -> executor.with(change));
  }

  /** Another executor may run under the id by now, which is not concerned. */
  private static AgentState told(AgentState state, ExecutorTold told) {
    ExecutorId id = new ExecutorId(told.getFrameworkId(), told.getExecutorId());
    boolean same =
        state.executor(id).map(executor -> executor.number() == told.getNumber()).orElse(false);
    return same ? state.without(id) : state;
  }

  // -- Tasks ------------------------------------------------------------------------------------

  /**
   * Returns a task as release 0.1 kept it. It says nothing of the run of the task's executor, and
   * may be over though nobody waits for its updates.
   */
  private static AgentState kept(AgentState state, AgentTask task) {
    if (task.kept().getDisowned() && task.terminal()) {
      return state;
    }
    if (!task.info().hasExecutor() || task.kept().hasExecutorNumber()) {
      return state.with(task);
    }
    long number = state.executor(task.executor()).map(AgentExecutor::number).orElse(0L);
    return state.with(task.with(kept -> kept.setExecutorNumber(number)));
  }

  private static AgentState updated(AgentState state, UpdateMade made, long timeMillis) {
    TaskStatus status = made.getStatus();
    TaskId id = new TaskId(made.getFrameworkId(), status.getTaskId().getValue());
    Optional<AgentTask> before = state.task(id);
    if (before.isEmpty() || !made.hasStatus()) {
      return state;
    }
    AgentTask after = before.get().with(kept -> add(kept, status, timeMillis));
    if (over(after)) {
      return state.without(id);
    }
    AgentState next = state.with(after);
    return after.kept().getUpdatesCount() == 1 ? tellNow(next, id) : next;
  }

  private static void add(TaskKept.Builder kept, TaskStatus status, long timeMillis) {
    kept.addUpdates(status).setLatest(status.getState());
    see(kept, status.getUuid());
    if (status.getState() == TaskState.TASK_RUNNING && !kept.hasRunningSinceMillis()) {
      kept.setRunningSinceMillis(timeMillis);
    }
  }

  private static void see(TaskKept.Builder kept, ByteString uuid) {
    if (kept.getSeenList().contains(uuid)) {
      return;
    }
    kept.addSeen(uuid);
    if (kept.getSeenCount() > SEEN_MAX) {
      var latest = kept.getSeenList().subList(1, kept.getSeenCount()).toArray(ByteString[]::new);
      kept.clearSeen().addAllSeen(List.of(latest));
    }
  }

  /** Whether nothing of the task is of interest any more. */
  static boolean over(AgentTask task) {
    return task.terminal() && (task.kept().getDisowned() || task.kept().getUpdatesCount() == 0);
  }

  /** The first update that is not acknowledged is another one: it is told at once. */
  static AgentState tellNow(AgentState state, TaskId id) {
    return state.withSession(state.session().with(id, state.run(id).retry(Retry.NOW)));
  }

  /**
   * The task is to end. A later kill can only shorten the time that an earlier one left.
   *
   * @param deadlineMillis when SIGKILL follows; 0 where release 0.1 did not write it down
   */
  static AgentState kill(AgentState state, TaskId id, long deadlineMillis) {
    return state.change(
        id,
        task -> {
          if (task.terminal()) {
            return task;
          }
          long before = task.kept().getKillDeadlineMillis();
          boolean sooner = before == 0 || deadlineMillis < before;
          return task.with(
              kept -> {
                kept.setKilled(true);
                if (deadlineMillis != 0 && sooner) {
                  kept.setKillDeadlineMillis(deadlineMillis);
                }
              });
        });
  }
}
