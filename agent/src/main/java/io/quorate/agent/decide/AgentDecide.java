package io.quorate.agent.decide;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.Moment;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.TaskId;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table of contents of the agent's rules: a pure and total function from the state, an input
 * and a moment to records and actions. What a record means is said by {@link
 * io.quorate.agent.apply.AgentApply} alone; here is decided which are made, and what is done.
 *
 * <p>Commands are numbered. One that is not higher than the last is skipped, a gap ends the link:
 * so a command is neither lost nor carried out twice, whoever leads.
 */
public final class AgentDecide {
  private final AgentSettings settings;
  private final TaskStatuses statuses;
  private final AgentTaskDecisions tasks;
  private final AgentExecutorDecisions executors;
  private final ExecutorApiDecisions executorApi;

  public AgentDecide(AgentSettings settings) {
    this.settings = settings;
    this.statuses = new TaskStatuses(settings);
    this.tasks = new AgentTaskDecisions(settings, statuses);
    this.executors = new AgentExecutorDecisions(settings, statuses, tasks);
    this.executorApi = new ExecutorApiDecisions(settings, statuses, executors);
  }

  /**
   * The runs that must be looked at before an input is decided: whoever ended by itself was not
   * ended by what is decided now, though nobody has seen it yet.
   */
  public static List<RunId> looksFirst(AgentState state, AgentInput input) {
    if (input instanceof AgentInput.Tick) {
      return state.watched();
    }
    if (input instanceof AgentInput.MasterSaid said) {
      Command command = said.event().getCommand();
      return switch (command.getWhatCase()) {
        case KILL ->
            state
                .task(TaskId.of(command.getKill().getFrameworkId(), command.getKill().getTaskId()))
                .map(state::companions)
                .orElse(List.of());
        case SHUTDOWN_FRAMEWORK, SHUTDOWN_EXECUTOR, DRAIN -> state.watched();
        default -> List.of();
      };
    }
    Optional<RunId> run =
        input instanceof AgentInput.ProcessFailed failed
            ? Optional.of(failed.run())
            : input instanceof AgentInput.ProcessCancelled cancelled
                ? Optional.of(cancelled.run())
                : input instanceof AgentInput.HealthChecked checked && checked.over()
                    ? Optional.of(checked.run())
                    : Optional.empty();
    return run.flatMap(state::taskOf).map(state::companions).orElse(List.of());
  }

  /** Decides what an input leads to. */
  public AgentDecision decide(AgentState state, AgentInput input, Moment moment) {
    AgentDraft draft = new AgentDraft(state, moment);
    input.accept(new Deciding(draft));
    return draft.decision();
  }

  /** This visitor makes one decision. */
  private final class Deciding implements AgentInput.Visitor {
    private final AgentDraft draft;

    Deciding(AgentDraft draft) {
      this.draft = draft;
    }

    @Override
    public void recovered(AgentInput.Recovered input) {
      recover(draft, input);
    }

    @Override
    public void masterSaid(AgentInput.MasterSaid input) {
      event(draft, input.event());
    }

    @Override
    public void executorEndTaken(AgentInput.ExecutorEndTaken input) {
      draft
          .state()
          .executorOf(input.run())
          .filter(AgentExecutor::over)
          .ifPresent(executor -> MasterReports.executorEndTaken(draft, executor));
    }

    @Override
    public void processStarted(AgentInput.ProcessStarted input) {
      Optional<AgentTask> task = draft.state().taskOf(input.run());
      Optional<AgentExecutor> executor = draft.state().executorOf(input.run());
      if (!input.run().ofExecutor() && task.isPresent()) {
        tasks.started(draft, task.get(), input);
      } else if (input.run().ofExecutor() && executor.isPresent() && !executor.get().over()) {
        executors.started(draft, executor.get());
      } else {
        // Nobody knows it any more.
        draft.act(new AgentAction.Signal(input.run(), "KILL"));
      }
    }

    @Override
    public void processFailed(AgentInput.ProcessFailed input) {
      draft
          .state()
          .taskOf(input.run())
          .filter(task -> !task.terminal())
          .ifPresent(task -> tasks.failed(draft, task, input.why()));
      draft
          .state()
          .executorOf(input.run())
          .filter(executor -> input.run().ofExecutor() && !executor.over())
          .ifPresent(executor -> executors.failed(draft, executor, input.why()));
    }

    @Override
    public void processCancelled(AgentInput.ProcessCancelled input) {
      draft
          .state()
          .taskOf(input.run())
          .filter(task -> !task.terminal())
          .ifPresent(task -> tasks.cancelled(draft, task));
      draft
          .state()
          .executorOf(input.run())
          .filter(executor -> input.run().ofExecutor() && !executor.over())
          .ifPresent(executor -> executors.end(draft, executor, -1));
    }

    @Override
    public void runsEnded(AgentInput.RunsEnded input) {
      tasks.ended(draft, input.ends());
      for (AgentInput.RunEnd end : input.ends()) {
        draft
            .state()
            .executorOf(end.run())
            .filter(executor -> end.run().ofExecutor())
            .ifPresent(executor -> executors.ended(draft, executor, end));
      }
    }

    @Override
    public void executorCalled(AgentInput.ExecutorCalled input) {
      executorApi.called(draft, input);
    }

    @Override
    public void streamClosed(AgentInput.StreamClosed input) {
      executorApi.closed(draft, input.stream());
    }

    @Override
    public void deliveryFailed(AgentInput.DeliveryFailed input) {
      executorApi.deliveryFailed(draft, input);
    }

    @Override
    public void healthChecked(AgentInput.HealthChecked input) {
      draft.state().taskOf(input.run()).ifPresent(task -> tasks.health(draft, task, input));
    }

    @Override
    public void checked(AgentInput.Checked input) {
      draft.state().taskOf(input.run()).ifPresent(task -> tasks.checked(draft, task, input));
    }

    @Override
    public void limitExceeded(AgentInput.LimitExceeded input) {
      if (input.run().ofExecutor()) {
        draft
            .state()
            .executorOf(input.run())
            .ifPresent(executor -> executors.limit(draft, executor, input.limitation()));
      } else {
        draft
            .state()
            .taskOf(input.run())
            .ifPresent(task -> tasks.limit(draft, task, input.limitation()));
      }
    }

    @Override
    public void operationDone(AgentInput.OperationCarriedOut input) {
      MasterReports.operationDone(draft, input.operation(), input.status());
    }

    @Override
    public void tick(AgentInput.Tick input) {
      tasks.tick(draft);
      executors.tick(draft);
      if (input.linked()) {
        MasterReports.tellDue(draft);
      }
    }
  }

  // -- The agent itself -------------------------------------------------------------------------

  private void recover(AgentDraft draft, AgentInput.Recovered input) {
    Identity identity = draft.state().head().getIdentity();
    if (identity.getRegistrationId().isEmpty()) {
      draft.emit(
          JournalRecord.newBuilder()
              .setIdentity(identity.toBuilder().setRegistrationId(draft.moment().id().toString())));
    }
    input.leftover().forEach(container -> draft.act(new AgentAction.Forget(container)));
    for (Command.ApplyOperation operation : draft.state().unfinished().values()) {
      draft.act(new AgentAction.CarryOut(operation));
    }
    tasks.recover(draft, input.runs());
    executors.recover(draft, input.runs());
  }

  private void event(AgentDraft draft, AgentEvent event) {
    long term = draft.state().head().getTerm();
    if (event.getTerm() < term) {
      draft.act(
          new AgentAction.LeaveLink(
              "an event of term " + event.getTerm() + " came, but term " + term + " was seen"));
      return;
    }
    if (event.getTerm() > term) {
      draft.emit(JournalRecord.newBuilder().setTerm(event.getTerm()));
    }
    switch (event.getType()) {
      case SUBSCRIBED -> subscribed(draft, event.getSubscribed().getAgentId().getValue());
      case COMMAND -> command(draft, event.getCommand());
      case PING ->
          draft.act(
              new AgentAction.TellMaster(
                  AgentCalls.of(draft.state(), AgentCall.Type.PONG).build()));
      case SHUTDOWN -> shutdown(draft, event.getMessage());
      case ERROR -> draft.act(new AgentAction.LeaveLink(event.getMessage()));
      case UNKNOWN -> draft.act(new AgentAction.LeaveLink("an event of a later release came"));
    }
  }

  private void subscribed(AgentDraft draft, String id) {
    Identity identity = draft.state().head().getIdentity();
    if (!id.equals(identity.getAgentId())) {
      draft.emit(JournalRecord.newBuilder().setIdentity(identity.toBuilder().setAgentId(id)));
    }
    AgentInfo info = AgentCalls.info(settings, draft.state());
    if (!info.equals(draft.state().head().getIntroduced())) {
      draft.emit(JournalRecord.newBuilder().setIntroduced(info));
    }
    draft.session(AgentState.Session::registered);
    tasks.release(draft);
    executors.release(draft);
  }

  /** The agent ends for good, with all that runs on it. */
  private void shutdown(AgentDraft draft, String why) {
    for (AgentTask task : draft.state().tasks().values()) {
      switch (draft.state().run(task.id()).phase()) {
        case NONE, HELD -> {}
        case STARTING -> draft.act(new AgentAction.CancelLaunch(task.run()));
        case RUNNING -> draft.act(new AgentAction.Signal(task.run(), "KILL"));
      }
    }
    draft.state().executors().values().forEach(executor -> executors.kill(draft, executor));
    draft.act(new AgentAction.Stop(why));
  }

  // -- Commands ---------------------------------------------------------------------------------

  private void command(AgentDraft draft, Command command) {
    AgentState before = draft.state();
    if (command.getNumber() <= before.lastCommand()) {
      return;
    }
    if (command.getNumber() > before.lastCommand() + 1) {
      draft.act(
          new AgentAction.LeaveLink(
              "command " + command.getNumber() + " came after " + before.lastCommand()));
      return;
    }
    draft.emit(JournalRecord.newBuilder().setCommand(command));
    switch (command.getWhatCase()) {
      case LAUNCH, LAUNCH_GROUP -> launch(draft, before, command);
      case KILL ->
          before
              .task(TaskId.of(command.getKill().getFrameworkId(), command.getKill().getTaskId()))
              .ifPresent(task -> stop(draft, task));
      case ACKNOWLEDGE -> {
        TaskId id =
            TaskId.of(
                command.getAcknowledge().getFrameworkId(), command.getAcknowledge().getTaskId());
        before.task(id).ifPresent(task -> forgetIfGone(draft, task));
      }
      case SHUTDOWN_FRAMEWORK ->
          shutdownFramework(
              draft, before, command.getShutdownFramework().getFrameworkId().getValue());
      case SHUTDOWN_EXECUTOR -> {
        Command.ShutdownExecutor shutdown = command.getShutdownExecutor();
        shutdownExecutor(
            draft, before, ExecutorId.of(shutdown.getFrameworkId(), shutdown.getExecutorId()));
      }
      case MESSAGE -> {
        Command.Message message = command.getMessage();
        executorApi.tell(
            draft,
            ExecutorId.of(message.getFrameworkId(), message.getExecutorId()),
            message.getData());
      }
      case APPLY_OPERATION -> draft.act(new AgentAction.CarryOut(command.getApplyOperation()));
      case DRAIN -> before.tasks().values().forEach(task -> stop(draft, task));
      case ACKNOWLEDGE_OPERATION, REACTIVATE, UPDATE_FRAMEWORK, WHAT_NOT_SET -> {}
    }
  }

  private void launch(AgentDraft draft, AgentState before, Command command) {
    List<AgentTask> launched = new ArrayList<>();
    if (command.hasLaunch()) {
      draft.state().task(AgentTask.id(command.getLaunch())).ifPresent(launched::add);
    }
    for (TaskInfo task : command.getLaunchGroup().getTaskGroup().getTasksList()) {
      draft
          .state()
          .task(TaskId.of(command.getLaunchGroup().getFrameworkInfo().getId(), task.getTaskId()))
          .ifPresent(launched::add);
    }
    if (launched.isEmpty()) {
      return;
    }
    AgentTask first = launched.get(0);
    ExecutorId id = first.executor();
    Optional<AgentExecutor> executor =
        first.info().hasExecutor() ? draft.state().executor(id) : Optional.empty();
    boolean fresh = executor.map(known -> known.number() == command.getNumber()).orElse(false);
    if (fresh) {
      // What ran under its id is over, and gives way.
      before.executor(id).ifPresent(old -> draft.forget(old.run()));
    }
    if (draft.state().head().hasDraining()) {
      drop(draft, launched, TaskStatus.Reason.REASON_AGENT_DRAINING, "The agent is draining");
      if (fresh) {
        executors.end(draft, executor.get(), -1);
      }
    } else if (!first.info().hasExecutor()) {
      tasks.begin(draft, first);
    } else if (executor.isEmpty() || first.kept().getExecutorNumber() == 0) {
      drop(
          draft,
          launched,
          TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
          "The executor is not what the master took it for: it ended, or it has not ended yet");
    } else if (executor.get().isDefault()) {
      launched.forEach(task -> tasks.begin(draft, task));
    } else {
      executors.begin(draft, executor.get());
      executorApi.deliver(draft, executor.get());
    }
  }

  private void drop(
      AgentDraft draft, List<AgentTask> launched, TaskStatus.Reason reason, String why) {
    launched.forEach(
        task -> statuses.update(draft, task, statuses.dropped(draft, task, reason, why)));
  }

  /** A task is to end, which was recorded with the command; as it was before. */
  private void stop(AgentDraft draft, AgentTask before) {
    draft
        .state()
        .task(before.id())
        .filter(task -> !task.terminal())
        .ifPresent(
            task -> {
              if (task.custom()) {
                executorApi.kill(draft, task);
              } else {
                tasks.stop(draft, task, before.killed());
              }
            });
  }

  private void shutdownFramework(AgentDraft draft, AgentState before, String framework) {
    for (AgentTask task : before.tasks().values()) {
      if (task.id().framework().equals(framework)) {
        forgetIfGone(draft, task);
        if (!task.custom()) {
          stop(draft, task);
        }
      }
    }
    for (AgentExecutor executor : draft.state().executors().values()) {
      if (executor.id().framework().equals(framework)) {
        executors.shutdown(draft, executor);
      }
    }
  }

  private void shutdownExecutor(AgentDraft draft, AgentState before, ExecutorId id) {
    Optional<AgentExecutor> executor = draft.state().executor(id);
    if (executor.isPresent() && executor.get().isDefault()) {
      before.tasksOf(id).forEach(task -> stop(draft, task));
    }
    executor.ifPresent(known -> executors.shutdown(draft, known));
  }

  /** The files of a run are of no use once its task is known no more. */
  private static void forgetIfGone(AgentDraft draft, AgentTask before) {
    if (draft.state().task(before.id()).isEmpty() && !before.custom()) {
      draft.forget(before.run());
    }
  }
}
