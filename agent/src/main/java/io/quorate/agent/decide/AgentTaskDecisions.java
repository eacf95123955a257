package io.quorate.agent.decide;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.RunPhase;
import io.quorate.agent.state.TaskRun;
import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKilled;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about the tasks that the agent runs itself: command tasks, as Mesos's command executor
 * does, and the tasks of groups, as its default executor does (Mesos 4.6).
 */
final class AgentTaskDecisions {
  private final AgentSettings settings;
  private final TaskStatuses statuses;

  AgentTaskDecisions(AgentSettings settings, TaskStatuses statuses) {
    this.settings = settings;
    this.statuses = statuses;
  }

  // -- Starting ---------------------------------------------------------------------------------

  /** Starts a task, or lets it wait until a master has taken the agent back. */
  void begin(AgentDraft draft, AgentTask task) {
    if (!task.was(TaskState.TASK_STARTING)) {
      statuses.update(draft, task, statuses.of(draft, task, TaskState.TASK_STARTING));
    }
    if (draft.state().session().released()) {
      launch(draft, task);
    } else {
      draft.run(task.id(), run -> run.phase(RunPhase.HELD));
    }
  }

  /** Starts what waited for a master. */
  void release(AgentDraft draft) {
    for (AgentTask task : draft.state().tasks().values()) {
      if (draft.state().run(task.id()).phase() == RunPhase.HELD) {
        launch(draft, task);
      }
    }
  }

  private static void launch(AgentDraft draft, AgentTask task) {
    draft.run(task.id(), run -> run.phase(RunPhase.STARTING));
    draft.act(new AgentAction.LaunchTask(draft.now(task)));
  }

  void started(AgentDraft draft, AgentTask task, AgentInput.ProcessStarted started) {
    draft.run(task.id(), run -> run.running(started.pid(), started.facts()));
    if (task.terminal()) {
      // It was given up while it was started, which came too late.
      draft.act(new AgentAction.Signal(task.run(), "KILL"));
      return;
    }
    statuses.update(draft, task, statuses.running(draft, task));
    goOn(draft, task);
  }

  /** It runs: it is told to end if it is to end, else it is looked after. */
  private void goOn(AgentDraft draft, AgentTask task) {
    if (draft.state().run(task.id()).limitation().isPresent()) {
      draft.act(new AgentAction.Signal(task.run(), "KILL"));
    } else if (task.killed()) {
      askToEnd(draft, task);
    } else if (task.info().hasCheck() || task.info().hasHealthCheck()) {
      draft.act(new AgentAction.BeginChecks(draft.now(task)));
    }
  }

  void failed(AgentDraft draft, AgentTask task, String why) {
    end(
        draft,
        task,
        statuses
            .of(draft, task, TaskState.TASK_FAILED)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED)
            .setMessage(why));
  }

  /** It was killed before it was started. */
  void cancelled(AgentDraft draft, AgentTask task) {
    end(draft, task, killedBeforeStart(draft, task));
  }

  private TaskStatus.Builder killedBeforeStart(AgentDraft draft, AgentTask task) {
    return statuses
        .of(draft, task, TaskState.TASK_KILLED)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH)
        .setMessage("Killed before it was started");
  }

  /**
   * After a restart of the agent: takes up what runs, and starts what was never started. Ends are
   * all noted before one of them has consequences for others.
   */
  void recover(AgentDraft draft, List<AgentInput.RunFound> found) {
    List<AgentTask> over = new ArrayList<>();
    for (AgentInput.RunFound run : found) {
      draft.state().taskOf(run.run()).ifPresent(task -> recover(draft, task, run, over));
    }
    for (AgentTask task : draft.state().tasks().values()) {
      if (!task.custom() && task.terminal() && !over.contains(task)) {
        // Its end was told, but not yet carried to the others when the agent died.
        over.add(task);
      }
    }
    over.forEach(task -> endGroup(draft, task));
  }

  private void recover(
      AgentDraft draft, AgentTask task, AgentInput.RunFound found, List<AgentTask> over) {
    if (task.terminal()) {
      return;
    }
    if (!found.started()) {
      if (task.killed()) {
        statuses.update(draft, task, killedBeforeStart(draft, task));
        over.add(draft.now(task));
      } else {
        begin(draft, task);
      }
      return;
    }
    draft.run(task.id(), run -> run.running(found.pid(), found.facts()));
    if (task.was(TaskState.TASK_STAGING) || task.was(TaskState.TASK_STARTING)) {
      statuses.update(draft, task, statuses.running(draft, task));
    }
    if (found.end().isPresent()) {
      note(draft, found.end().get());
      over.add(draft.now(task));
      return;
    }
    long latest = draft.now() + task.graceMillis();
    long deadline = task.kept().getKillDeadlineMillis();
    if (task.killed() && (deadline == 0 || deadline > latest)) {
      // Release 0.1 did not write it down; and no change of the clock makes it later than it was.
      record(draft, task, latest);
    }
    goOn(draft, draft.now(task));
  }

  // -- Watching ---------------------------------------------------------------------------------

  /** Runs ended, by themselves as far as each other is concerned. */
  void ended(AgentDraft draft, List<AgentInput.RunEnd> ends) {
    List<AgentTask> over = new ArrayList<>();
    for (AgentInput.RunEnd end : ends) {
      draft
          .state()
          .taskOf(end.run())
          .filter(task -> !task.terminal())
          .filter(task -> draft.state().run(task.id()).phase() == RunPhase.RUNNING)
          .ifPresent(
              task -> {
                over.add(task);
                note(draft, end);
              });
    }
    for (AgentTask task : over) {
      endGroup(draft, draft.now(task));
    }
  }

  /** Tells how a task ended. */
  private void note(AgentDraft draft, AgentInput.RunEnd end) {
    AgentTask task = draft.state().taskOf(end.run()).orElseThrow();
    draft.act(new AgentAction.Sweep(end.run()));
    TaskRun run = draft.state().run(task.id());
    var limitation = run.limitation().or(end::limitation);
    statuses.update(
        draft,
        task,
        limitation.isPresent()
            ? limited(draft, task, limitation.get())
            : status(draft, task, run, end.status()));
  }

  private TaskStatus.Builder limited(AgentDraft draft, AgentTask task, Limitation limitation) {
    return statuses
        .of(draft, task, TaskState.TASK_FAILED)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(limitation.reason())
        .setMessage(limitation.message())
        .setLimitation(limitation.resources());
  }

  private TaskStatus.Builder status(
      AgentDraft draft, AgentTask task, TaskRun run, Optional<WaitStatus> exit) {
    if (exit.isEmpty()) {
      return statuses
          .of(draft, task, TaskState.TASK_FAILED)
          .setSource(TaskStatus.Source.SOURCE_AGENT)
          .setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED)
          .setMessage("Executor terminated");
    }
    String message = exit.get().message(task.docker() ? "Container" : "Command");
    if (run.ranTooLong() || exit.get().limit()) {
      return statuses
          .of(draft, task, TaskState.TASK_FAILED)
          .setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED)
          .setMessage(message);
    }
    if (task.killed()) {
      TaskStatus.Builder status =
          statuses.of(draft, task, TaskState.TASK_KILLED).setMessage(message);
      return run.unhealthy() ? status.setHealthy(false) : status;
    }
    TaskState end = exit.get().success() ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    return statuses.of(draft, task, end).setMessage(message);
  }

  private void end(AgentDraft draft, AgentTask task, TaskStatus.Builder status) {
    AgentTask before = draft.now(task);
    statuses.update(draft, task, status);
    endGroup(draft, draft.state().task(task.id()).orElse(before));
  }

  /** One that did not finish takes the rest of its group with it (CP-325, CP-326). */
  private void endGroup(AgentDraft draft, AgentTask task) {
    if (!task.inGroup() || draft.alive(task.id()) || task.was(TaskState.TASK_FINISHED)) {
      return;
    }
    for (AgentTask other : draft.state().launchedWith(task)) {
      if (!other.terminal() && !other.killed()) {
        kill(draft, other, other.graceMillis());
      }
    }
  }

  void tick(AgentDraft draft) {
    for (AgentTask task : draft.state().tasks().values()) {
      TaskRun run = draft.state().run(task.id());
      if (run.phase() != RunPhase.RUNNING || task.terminal()) {
        continue;
      }
      // The supervisor sees to it as well, and more exactly; this is for those of release 0.1.
      long limit = task.timeMax().map(Duration::toMillis).orElse(Long.MAX_VALUE);
      long since = task.kept().getRunningSinceMillis();
      if (since > 0 && !run.ranTooLong() && draft.now() - since > limit) {
        draft.run(
            task.id(), known -> known.withRanTooLong().force(draft.now() + AgentTask.GRACE_MILLIS));
        draft.act(new AgentAction.Signal(task.run(), "KILL"));
        continue;
      }
      long force = run.forceMillis() != 0 ? run.forceMillis() : task.kept().getKillDeadlineMillis();
      if (force != 0 && draft.now() >= force) {
        draft.run(task.id(), known -> known.force(draft.now() + AgentTask.GRACE_MILLIS));
        draft.act(new AgentAction.Signal(task.run(), "KILL"));
      }
    }
  }

  // -- Checks and limits ------------------------------------------------------------------------

  private static boolean watched(AgentTask task) {
    return !task.terminal() && !task.killed() && !task.custom();
  }

  void health(AgentDraft draft, AgentTask task, AgentInput.HealthChecked checked) {
    if (!watched(task)) {
      return;
    }
    TaskStatus.Builder status =
        statuses
            .of(draft, task, TaskState.TASK_RUNNING)
            .setHealthy(checked.healthy())
            .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
    if (!checked.healthy()) {
      status.setMessage(checked.why());
    }
    statuses.update(draft, task, status);
    if (checked.over()) {
      draft.run(task.id(), TaskRun::withUnhealthy);
      kill(draft, draft.now(task), task.graceMillis());
    }
  }

  void checked(AgentDraft draft, AgentTask task, AgentInput.Checked checked) {
    if (watched(task)) {
      draft.run(task.id(), run -> run.checked(checked.status()));
      statuses.update(
          draft,
          task,
          statuses
              .of(draft, task, TaskState.TASK_RUNNING)
              .setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED));
    }
  }

  /** It uses more than it may: it ends at once. */
  void limit(AgentDraft draft, AgentTask task, Limitation limitation) {
    TaskRun run = draft.state().run(task.id());
    if (task.terminal() || run.limitation().isPresent()) {
      return;
    }
    // Again, if the first does not reach it.
    draft.run(
        task.id(), known -> known.limited(limitation).force(draft.now() + AgentTask.GRACE_MILLIS));
    if (run.phase() == RunPhase.RUNNING) {
      draft.act(new AgentAction.Signal(task.run(), "KILL"));
    }
  }

  // -- Ending -----------------------------------------------------------------------------------

  /** The agent itself ends a task: SIGTERM now, SIGKILL after the grace. */
  void kill(AgentDraft draft, AgentTask task, long graceMillis) {
    record(draft, task, draft.now() + graceMillis);
    stop(draft, task, task.killed());
  }

  private static void record(AgentDraft draft, AgentTask task, long deadlineMillis) {
    draft.emit(
        JournalRecord.newBuilder()
            .setTaskKilled(
                TaskKilled.newBuilder()
                    .setFrameworkId(task.id().framework())
                    .setTaskId(task.id().task())
                    .setDeadlineMillis(deadlineMillis)));
  }

  /**
   * SIGTERM now. From there to SIGKILL a Docker container has the agent's time, unless its task or
   * the kill names another (Mesos 4.10); it counts anew if the agent ended meanwhile.
   */
  private void askToEnd(AgentDraft draft, AgentTask task) {
    if (task.docker() && !draft.now(task).hasOwnGrace()) {
      long force = draft.now() + settings.docker().stopTimeout().toMillis();
      draft.run(task.id(), run -> run.force(force));
    }
    draft.act(new AgentAction.Signal(task.run(), "TERM"));
  }

  /**
   * A task is to end, which is recorded already.
   *
   * @param before whether it was to end before
   */
  void stop(AgentDraft draft, AgentTask task, boolean before) {
    RunId run = task.run();
    switch (draft.state().run(task.id()).phase()) {
      case NONE -> {}
      case HELD -> cancelled(draft, task);
      case STARTING -> draft.act(new AgentAction.CancelLaunch(run));
      case RUNNING -> {
        if (!before) {
          if (task.tells(FrameworkInfo.Capability.Type.TASK_KILLING_STATE)) {
            statuses.update(draft, task, statuses.of(draft, task, TaskState.TASK_KILLING));
          }
          askToEnd(draft, task);
        }
      }
    }
  }
}
