package io.quorate.agent.decide;

import io.quorate.agent.executor.ExecutorEventFactory;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorEndCause;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.ExecutorRun;
import io.quorate.agent.state.RunPhase;
import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.store.record.ExecutorEnded;
import io.quorate.agent.store.record.ExecutorShutdown;
import io.quorate.agent.store.record.JournalRecord;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides about the processes of executors (Mesos 4.6). One that the framework brings is a process
 * under a supervisor, as a task is; the default one is no process, but the agent itself. What is
 * said between is the part of {@link ExecutorApiDecisions}.
 */
final class AgentExecutorDecisions {
  private static final long KILL_AGAIN_MILLIS = 3_000;

  /** How long the default executor waits for acknowledgements (Mesos 4.6). */
  private static final long IDLE_MILLIS_MAX = 60_000;

  private final AgentSettings settings;
  private final TaskStatuses statuses;
  private final AgentTaskDecisions tasks;

  AgentExecutorDecisions(AgentSettings settings, TaskStatuses statuses, AgentTaskDecisions tasks) {
    this.settings = settings;
    this.statuses = statuses;
    this.tasks = tasks;
  }

  // -- Beginning --------------------------------------------------------------------------------

  /** Starts its process, unless it was started before. */
  void begin(AgentDraft draft, AgentExecutor executor) {
    if (executor.isDefault() || draft.state().run(executor.id()).phase() != RunPhase.NONE) {
      return;
    }
    if (draft.state().session().released()) {
      launch(draft, executor);
    } else {
      draft.run(executor.id(), run -> run.phase(RunPhase.HELD));
    }
  }

  /** Starts what waited for a master. */
  void release(AgentDraft draft) {
    for (AgentExecutor executor : draft.state().executors().values()) {
      if (draft.state().run(executor.id()).phase() == RunPhase.HELD) {
        launch(draft, executor);
      }
    }
  }

  private void launch(AgentDraft draft, AgentExecutor executor) {
    draft.run(executor.id(), run -> run.phase(RunPhase.STARTING));
    within(draft, executor.id(), settings.executors().registrationTimeout());
    draft.act(new AgentAction.LaunchExecutor(executor));
  }

  private static void within(AgentDraft draft, ExecutorId id, Duration time) {
    draft.run(id, run -> run.deadline(draft.now() + time.toMillis()));
  }

  /** Returns how long an executor has between SHUTDOWN and SIGKILL (CP-308). */
  private Duration shutdownGrace(AgentExecutor executor) {
    return executor.info().hasShutdownGracePeriod()
        ? Duration.ofNanos(executor.info().getShutdownGracePeriod().getNanoseconds())
        : settings.executors().shutdownGrace();
  }

  void started(AgentDraft draft, AgentExecutor executor) {
    draft.run(executor.id(), run -> run.phase(RunPhase.RUNNING));
    ExecutorRun run = draft.state().run(executor.id());
    if (run.cause().isPresent()) {
      kill(draft, executor);
    } else if (run.deadlineMillis() == 0 && !executor.kept().getSubscribed()) {
      within(draft, executor.id(), settings.executors().registrationTimeout());
    }
  }

  void failed(AgentDraft draft, AgentExecutor executor, String why) {
    draft.run(executor.id(), run -> run.because(ExecutorEndCause.notStarted(why)));
    end(draft, executor, -1);
  }

  /**
   * After a restart of the agent: starts what was never started, and awaits what subscribed before
   * (CP-300 to CP-302).
   */
  void recover(AgentDraft draft, List<AgentInput.RunFound> found) {
    for (AgentInput.RunFound run : found) {
      draft
          .state()
          .executorOf(run.run())
          .filter(executor -> run.run().ofExecutor() && !executor.isDefault() && !executor.over())
          .ifPresent(executor -> recover(draft, executor, run));
    }
    for (AgentTask task : draft.state().tasks().values()) {
      AgentExecutor executor = draft.state().executors().get(task.executor());
      boolean alone =
          executor == null
              || executor.over()
              || executor.number() != task.kept().getExecutorNumber();
      if (task.custom() && !task.terminal() && alone) {
        statuses.update(
            draft,
            task,
            statuses.dropped(
                draft,
                task,
                io.quorate.protocol.v1.TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
                "The executor ended before the launch"));
      }
    }
  }

  private void recover(AgentDraft draft, AgentExecutor executor, AgentInput.RunFound found) {
    ExecutorId id = executor.id();
    if (!found.started()) {
      if (executor.shuttingDown()) {
        end(draft, executor, -1);
      } else {
        begin(draft, executor);
      }
      return;
    }
    draft.run(id, run -> run.phase(RunPhase.RUNNING));
    if (!executor.framework().getCheckpoint()) {
      // Its framework did not ask for it to outlive the agent (CP-303).
      shutdown(draft, executor, Duration.ofMillis(KILL_AGAIN_MILLIS));
      draft.act(new AgentAction.Signal(executor.run(), "KILL"));
    } else if (executor.shuttingDown()) {
      long latest = draft.now() + shutdownGrace(executor).toMillis();
      long deadline = executor.kept().getDeadlineMillis();
      draft.run(id, run -> run.deadline(deadline == 0 ? latest : Math.min(deadline, latest)));
    } else if (executor.kept().getSubscribed()) {
      draft.run(id, run -> run.awaited(true));
      within(draft, id, settings.executors().reregistrationTimeout());
      // What became of a launch that was underway only the executor knows.
      for (AgentTask task : draft.state().tasksOf(id)) {
        draft.run(task.id(), run -> run.withDelivered());
      }
    } else {
      within(draft, id, settings.executors().registrationTimeout());
    }
    found.end().ifPresent(end -> ended(draft, executor, end));
  }

  // -- Watching ---------------------------------------------------------------------------------

  void tick(AgentDraft draft) {
    Map<ExecutorId, Boolean> busy = new LinkedHashMap<>();
    for (AgentExecutor executor : draft.state().executors().values()) {
      if (executor.over()) {
        continue;
      }
      if (executor.isDefault()) {
        if (busy.isEmpty()) {
          tasksLeft(draft.state(), busy);
        }
        endWithoutTasks(draft, executor, busy.get(executor.id()));
        continue;
      }
      long deadline = draft.state().run(executor.id()).deadlineMillis();
      if (deadline != 0 && draft.now() >= deadline) {
        expire(draft, executor);
      }
    }
  }

  /** Of each executor with tasks: whether one of them is not over. */
  private static void tasksLeft(AgentState state, Map<ExecutorId, Boolean> busy) {
    for (AgentTask task : state.tasks().values()) {
      if (task.info().hasExecutor()) {
        busy.merge(task.executor(), !task.terminal(), Boolean::logicalOr);
      }
    }
  }

  private void expire(AgentDraft draft, AgentExecutor executor) {
    if (!executor.shuttingDown()) {
      draft.run(
          executor.id(),
          run ->
              run.because(
                  run.awaited()
                      ? ExecutorEndCause.notReregistered()
                      : ExecutorEndCause.neverRegistered()));
    }
    draft.run(executor.id(), run -> run.deadline(draft.now() + KILL_AGAIN_MILLIS));
    kill(draft, executor);
  }

  /**
   * The default executor ends when it has nothing to run and nothing to have acknowledged.
   *
   * @param busy whether a task of it runs; null if it has none
   */
  private void endWithoutTasks(AgentDraft draft, AgentExecutor executor, Boolean busy) {
    long idle = draft.state().run(executor.id()).idleMillis();
    if (busy == null || (!busy && idle != 0 && draft.now() - idle >= IDLE_MILLIS_MAX)) {
      end(draft, executor, 0);
    } else if (busy && idle != 0) {
      draft.run(executor.id(), run -> run.idle(0));
    } else if (!busy && idle == 0) {
      draft.run(executor.id(), run -> run.idle(draft.now()));
    }
  }

  /** It uses more than it may: it ends at once, with its tasks. */
  void limit(AgentDraft draft, AgentExecutor executor, Limitation limitation) {
    if (executor.over() || draft.state().run(executor.id()).cause().isPresent()) {
      return;
    }
    draft.run(executor.id(), run -> run.because(ExecutorEndCause.limited(limitation)));
    shutdown(draft, executor, Duration.ofMillis(KILL_AGAIN_MILLIS));
    if (executor.isDefault()) {
      draft.state().tasksOf(executor.id()).forEach(task -> tasks.limit(draft, task, limitation));
    } else {
      kill(draft, executor);
    }
  }

  /** The executor's process ended. */
  void ended(AgentDraft draft, AgentExecutor executor, AgentInput.RunEnd end) {
    if (executor.over() || draft.state().run(executor.id()).phase() != RunPhase.RUNNING) {
      return;
    }
    draft.act(new AgentAction.Sweep(end.run()));
    end.limitation()
        .ifPresent(
            limitation ->
                draft.run(executor.id(), run -> run.because(ExecutorEndCause.limited(limitation))));
    end(draft, executor, end.status().map(WaitStatus::raw).orElse(-1));
  }

  /** It is over: so are its tasks, and the master is to know (CP-171, CP-263). */
  void end(AgentDraft draft, AgentExecutor executor, int status) {
    draft.act(new AgentAction.Touch(executor.run()));
    ExecutorRun run = draft.state().run(executor.id());
    if (run.stream() != 0) {
      draft.act(new AgentAction.EndStream(run.stream()));
    }
    ExecutorEndCause cause = run.cause().orElseGet(ExecutorEndCause::terminated);
    for (AgentTask task : draft.state().tasksOf(executor.id())) {
      boolean undelivered = task.killed() && !draft.state().run(task.id()).delivered();
      statuses.update(
          draft,
          task,
          undelivered
              ? statuses.killedBeforeDelivery(draft, task)
              : statuses.ended(draft, task, cause));
    }
    draft.emit(
        JournalRecord.newBuilder()
            .setExecutorEnded(
                ExecutorEnded.newBuilder()
                    .setFrameworkId(executor.id().framework())
                    .setExecutorId(executor.id().executor())
                    .setStatus(status)));
    draft.run(executor.id(), known -> ExecutorRun.NONE);
  }

  // -- Ending -----------------------------------------------------------------------------------

  private static void shutdown(AgentDraft draft, AgentExecutor executor, Duration grace) {
    long deadline = draft.now() + grace.toMillis();
    draft.emit(
        JournalRecord.newBuilder()
            .setExecutorShutdown(
                ExecutorShutdown.newBuilder()
                    .setFrameworkId(executor.id().framework())
                    .setExecutorId(executor.id().executor())
                    .setDeadlineMillis(deadline)));
    draft.run(executor.id(), run -> run.deadline(deadline));
  }

  /**
   * SHUTDOWN, and SIGKILL after the grace (CP-308); at once if there is nobody to be told. The
   * tasks of the default executor were told to end when the command was applied.
   */
  void shutdown(AgentDraft draft, AgentExecutor executor) {
    if (executor.over() || executor.isDefault()) {
      return;
    }
    ExecutorRun run = draft.state().run(executor.id());
    if (run.phase() == RunPhase.NONE || run.phase() == RunPhase.HELD) {
      end(draft, executor, -1);
      return;
    }
    shutdown(
        draft, executor, executor.kept().getSubscribed() ? shutdownGrace(executor) : Duration.ZERO);
    if (run.stream() != 0) {
      draft.act(new AgentAction.TellExecutor(run.stream(), ExecutorEventFactory.SHUTDOWN));
    }
  }

  /** Ends its process without a word. */
  void kill(AgentDraft draft, AgentExecutor executor) {
    switch (draft.state().run(executor.id()).phase()) {
      case NONE, HELD -> {}
      case STARTING -> draft.act(new AgentAction.CancelLaunch(executor.run()));
      case RUNNING -> draft.act(new AgentAction.Signal(executor.run(), "KILL"));
    }
  }
}
