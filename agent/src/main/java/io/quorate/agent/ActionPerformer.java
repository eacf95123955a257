package io.quorate.agent;

import io.quorate.agent.check.Target;
import io.quorate.agent.decide.AgentAction;
import io.quorate.agent.decide.AgentInput;
import io.quorate.agent.executor.ExecutorEventFactory;
import io.quorate.agent.executor.ExecutorStream;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskProcess;
import io.quorate.agent.task.Variables;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what was decided: to processes and their files, to the streams of executors, to volumes and
 * to the link. It also says what the files tell of runs. What comes of an action is an input. It is
 * used on the core thread only.
 */
final class ActionPerformer implements AgentAction.Performer {
  private static final Logger LOG = LoggerFactory.getLogger(ActionPerformer.class);

  private final AgentSettings settings;
  private final AgentEnvironment outside;
  private final Supplier<AgentState> state;
  private final Consumer<AgentInput> inputs;
  private final Layout layout;
  private final Launcher launcher;
  private final LimitWatch limits;
  private final CheckScheduler checks;
  private final Map<RunId, Launcher.Launch> launches = new HashMap<>();
  private final Map<Long, ExecutorStream> streams = new HashMap<>();
  private long lastStream;
  private boolean stopped;

  /**
   * Makes one.
   *
   * @param state as it is now
   * @param inputs takes what comes of actions, on the core thread
   */
  ActionPerformer(
      AgentSettings settings,
      AgentEnvironment outside,
      Supplier<AgentState> state,
      Consumer<AgentInput> inputs) {
    this.settings = settings;
    this.outside = outside;
    this.state = state;
    this.inputs = inputs;
    this.layout = Layout.of(settings);
    this.launcher = outside.launcher();
    this.limits = new LimitWatch(outside.isolator(), settings.isolation().watchInterval());
    this.checks =
        new CheckScheduler(outside.probes(), outside.sources().nanos(), outside.queue(), inputs);
  }

  /** Whether the agent is to end. */
  boolean stopped() {
    return stopped;
  }

  private String agentId() {
    return state.get().agentId();
  }

  private TaskProcess process(RunId run) {
    return launcher.process(layout.run(agentId(), run));
  }

  // -- What the files tell ----------------------------------------------------------------------

  /**
   * What is there of a state that was just read.
   *
   * @throws IOException if it cannot be found out
   */
  AgentInput.Recovered recover() throws IOException {
    AgentState now = state.get();
    limits.recover(now);
    List<RunId> runs = new ArrayList<>();
    TreeSet<String> leftover = new TreeSet<>(launcher.containers());
    for (AgentTask task : now.tasks().values()) {
      if (!task.custom()) {
        runs.add(task.run());
      }
    }
    for (AgentExecutor executor : now.executors().values()) {
      if (!executor.isDefault()) {
        runs.add(executor.run());
      }
    }
    List<AgentInput.RunFound> found = new ArrayList<>();
    for (RunId run : runs) {
      leftover.remove(run.container(now.agentId()));
      TaskProcess process = process(run);
      boolean started = process.started();
      found.add(
          new AgentInput.RunFound(
              run,
              started,
              process.supervisorPid().orElse(0L),
              process.facts(),
              started ? end(run) : Optional.empty()));
    }
    return new AgentInput.Recovered(found, List.copyOf(leftover));
  }

  /** Those of the runs that ended. */
  List<AgentInput.RunEnd> ended(List<RunId> runs) {
    List<AgentInput.RunEnd> ends = new ArrayList<>();
    runs.forEach(run -> end(run).ifPresent(ends::add));
    return ends;
  }

  private Optional<AgentInput.RunEnd> end(RunId run) {
    TaskProcess process = process(run);
    if (process.status().isEmpty() && process.supervised()) {
      return Optional.empty();
    }
    // The supervisor leaves the status and then goes: look once more for one that came between.
    Optional<WaitStatus> status = process.status();
    boolean killed = status.filter(WaitStatus::killed).isPresent();
    OptionalLong told = process.memoryExceeded();
    if (told.isPresent()) {
      return Optional.of(
          new AgentInput.RunEnd(run, status, limits.exceeded(state.get(), run, told.getAsLong())));
    }
    return Optional.of(
        new AgentInput.RunEnd(
            run, status, killed ? limits.exceeded(state.get(), run) : Optional.empty()));
  }

  /** Looks at what is looked at now and then. */
  void tick() {
    checks.tick(state.get());
    limits.look(state.get(), outside.sources().nanos().getAsLong()).forEach(inputs);
  }

  // -- Processes --------------------------------------------------------------------------------

  @Override
  public void launchTask(AgentAction.LaunchTask action) {
    AgentTask task = action.task();
    TaskProcess process = process(task.run());
    launch(
        task.run(),
        process,
        task.framework(),
        task.info().hasContainer() ? Optional.of(task.info().getContainer()) : Optional.empty(),
        task.info().getCommand(),
        task.info().getResourcesList(),
        Variables.task(settings, agentId(), task, process),
        task.timeMax());
  }

  @Override
  public void launchExecutor(AgentAction.LaunchExecutor action) {
    AgentExecutor executor = action.executor();
    TaskProcess process = process(executor.run());
    Duration grace =
        executor.info().hasShutdownGracePeriod()
            ? Duration.ofNanos(executor.info().getShutdownGracePeriod().getNanoseconds())
            : settings.executors().shutdownGrace();
    String token = outside.tokens().token(executor.id(), process.container());
    launch(
        executor.run(),
        process,
        executor.framework(),
        executor.info().hasContainer()
            ? Optional.of(executor.info().getContainer())
            : Optional.empty(),
        executor.info().getCommand(),
        executor.info().getResourcesList(),
        Variables.executor(
            settings, agentId(), executor.framework(), executor.info(), grace, token, process),
        Optional.empty());
  }

  private void launch(
      RunId run,
      TaskProcess process,
      FrameworkInfo framework,
      Optional<ContainerInfo> container,
      CommandInfo command,
      List<Resource> resources,
      Map<String, String> environment,
      Optional<Duration> timeMax) {
    LimitWatch.container(state.get(), run)
        .ifPresentOrElse(
            root ->
                launches.put(
                    run,
                    launcher.launch(
                        new Launcher.Plan(
                            agentId(),
                            run,
                            layout.run(agentId(), run),
                            process,
                            container,
                            framework,
                            command,
                            resources,
                            environment,
                            root,
                            timeMax),
                        outcome(run))),
            () -> inputs.accept(new AgentInput.ProcessCancelled(run)));
  }

  private Launcher.Outcome outcome(RunId run) {
    return new Launcher.Outcome() {
      @Override
      public void started() {
        launches.remove(run);
        TaskProcess process = process(run);
        inputs.accept(
            new AgentInput.ProcessStarted(
                run, process.supervisorPid().orElse(0L), process.facts()));
      }

      @Override
      public void failed(String why) {
        launches.remove(run);
        inputs.accept(new AgentInput.ProcessFailed(run, why));
      }

      @Override
      public void cancelled() {
        launches.remove(run);
        inputs.accept(new AgentInput.ProcessCancelled(run));
      }

      @Override
      public void ended() {
        List<RunId> runs = new ArrayList<>(List.of(run));
        AgentState now = state.get();
        now.taskOf(run).map(now::companions).ifPresent(runs::addAll);
        inputs.accept(
            new AgentInput.RunsEnded(
                ActionPerformer.this.ended(runs.stream().distinct().toList())));
      }
    };
  }

  @Override
  public void cancelLaunch(AgentAction.CancelLaunch action) {
    Launcher.Launch launch = launches.get(action.run());
    if (launch != null) {
      launch.cancel();
    }
  }

  @Override
  public void signal(AgentAction.Signal action) {
    process(action.run()).signal(action.name());
  }

  @Override
  public void sweep(AgentAction.Sweep action) {
    launcher.sweep(process(action.run()));
  }

  @Override
  public void touch(AgentAction.Touch action) {
    launcher.touch(process(action.run()));
  }

  @Override
  public void forget(AgentAction.Forget action) {
    launcher.forget(action.container());
  }

  @Override
  public void beginChecks(AgentAction.BeginChecks action) {
    AgentTask task = action.task();
    TaskProcess process = process(task.run());
    try {
      checks.begin(
          task,
          new Target(
              process.sandbox(),
              launcher.rights(task.info().getCommand(), task.framework()),
              process.docker(),
              Variables.task(settings, agentId(), task, process)));
    } catch (IOException e) {
      LOG.warn("Task {} has no checks: {}", task.id(), e.toString());
    }
  }

  // -- Executors --------------------------------------------------------------------------------

  /** The number of a new stream, by which decisions know it. */
  long open(ExecutorStream stream) {
    streams.put(++lastStream, stream);
    return lastStream;
  }

  /** The stream is over, or was never opened; its number if it was known. */
  Optional<Long> closed(ExecutorStream stream) {
    Optional<Long> number =
        streams.entrySet().stream()
            .filter(entry -> entry.getValue() == stream)
            .map(Map.Entry::getKey)
            .findFirst();
    number.ifPresent(streams::remove);
    return number;
  }

  @Override
  public void deliver(AgentAction.Deliver action) {
    AgentExecutor executor = action.executor();
    try {
      for (AgentTask task : action.tasks()) {
        launcher.mount(
            process(executor.run()),
            executor.framework(),
            executor.info().getCommand(),
            task.info().getResourcesList());
      }
    } catch (IOException e) {
      inputs.accept(
          new AgentInput.DeliveryFailed(
              action.tasks().stream().map(AgentTask::run).toList(),
              "Failed to launch: " + e.getMessage()));
      return;
    }
    tell(action.stream(), ExecutorEventFactory.launch(action.tasks()));
  }

  @Override
  public void tellExecutor(AgentAction.TellExecutor action) {
    tell(action.stream(), action.event());
  }

  private void tell(long stream, io.quorate.protocol.v1.executor.Event event) {
    ExecutorStream open = streams.get(stream);
    if (open != null) {
      open.send(event);
    }
  }

  @Override
  public void endStream(AgentAction.EndStream action) {
    ExecutorStream open = streams.remove(action.stream());
    if (open != null) {
      open.end();
    }
  }

  // -- The master -------------------------------------------------------------------------------

  @Override
  public void tellMaster(AgentAction.TellMaster action) {
    outside.link().send(action.call());
  }

  @Override
  public void tellEnd(AgentAction.TellEnd action) {
    outside
        .link()
        .send(action.call(), () -> inputs.accept(new AgentInput.ExecutorEndTaken(action.run())));
  }

  @Override
  public void leaveLink(AgentAction.LeaveLink action) {
    outside.link().leave(action.why());
  }

  /**
   * Makes an operation so on disk. What it means for resources the master's state says already;
   * here only the directories of persistent volumes come and go (Mesos 3.6).
   */
  @Override
  public void carryOut(AgentAction.CarryOut action) {
    Command.ApplyOperation operation = action.operation();
    OperationStatus.Builder status = OperationStatus.newBuilder();
    try {
      for (Resource volume : operation.getOperation().getCreate().getVolumesList()) {
        outside.volumes().create(volume);
      }
      for (Resource volume : operation.getOperation().getDestroy().getVolumesList()) {
        outside.volumes().destroy(volume);
      }
      status.setState(OperationState.OPERATION_FINISHED);
    } catch (IOException e) {
      LOG.error("Operation {} failed", operation.getOperation().getType(), e);
      status.setState(OperationState.OPERATION_FAILED).setMessage(e.toString());
    }
    inputs.accept(new AgentInput.OperationCarriedOut(operation.getOperationUuid(), status.build()));
  }

  @Override
  public void stop(AgentAction.Stop action) {
    LOG.error("The master told this agent to shut down: {}", action.why());
    stopped = true;
  }
}
