package io.quorate.agent.executor;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.Drained;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.Host;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.Statuses;
import io.quorate.agent.task.TaskProcess;
import io.quorate.agent.task.TaskRunner;
import io.quorate.agent.task.Units;
import io.quorate.agent.task.Variables;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins, watches and ends executors (Mesos 4.6). One that the framework brings is a process under
 * a supervisor, as a task is; the default one is no process, but the runner of tasks, and is here
 * only in name. What is said between is the {@link ExecutorDesk}'s.
 */
public final class ExecutorRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorRunner.class);
  private static final Duration KILL_AGAIN = Duration.ofSeconds(3);

  /** How often it is looked whether the default executor has anything left. */
  private static final Duration IDLE_LOOK = Duration.ofMillis(500);

  /** How long the default executor waits for acknowledgements (Mesos 4.6). */
  private static final Duration IDLE_MAX = Duration.ofSeconds(60);

  private final AgentSettings settings;
  private final Layout layout;
  private final Host host;
  private final Launcher launcher;
  private final Isolator isolator;
  private final ExecutorEnds ends;
  private final ExecutorTokens tokens;
  private final TaskRunner tasks;
  private final Map<ExecutorId, AgentExecutor> executors;
  private String agentId = "";
  private long idleLookNanos;

  /**
   * Makes a runner.
   *
   * @param tasks runs the tasks of the default executor
   * @param executors those that are known
   */
  public ExecutorRunner(
      AgentSettings settings,
      Layout layout,
      Host host,
      Launcher launcher,
      Isolator isolator,
      Statuses statuses,
      ExecutorTokens tokens,
      TaskRunner tasks,
      Map<ExecutorId, AgentExecutor> executors) {
    this.settings = settings;
    this.layout = layout;
    this.host = host;
    this.launcher = launcher;
    this.isolator = isolator;
    this.ends = new ExecutorEnds(host, statuses);
    this.tokens = tokens;
    this.tasks = tasks;
    this.executors = executors;
    this.idleLookNanos = host.sources().now();
  }

  public void identified(String id) {
    agentId = id;
  }

  /** Its tasks, in the order of their launch. */
  List<AgentTask> tasksOf(AgentExecutor executor) {
    return host.tasks().stream()
        .filter(each -> each.info().hasExecutor() && each.executor().equals(executor.id))
        .toList();
  }

  /** The tasks of all executors. */
  public Map<ExecutorId, List<AgentTask>> tasksByExecutor() {
    return host.tasks().stream()
        .filter(each -> each.info().hasExecutor())
        .collect(Collectors.groupingBy(AgentTask::executor));
  }

  // -- Beginning --------------------------------------------------------------------------------

  /** Starts its process, unless it was started before. */
  public void begin(AgentExecutor executor) {
    if (executor.isDefault() || executor.process != null) {
      return;
    }
    attach(executor);
    start(executor);
  }

  private void attach(AgentExecutor executor) {
    executor.process = process(executor);
  }

  private TaskProcess process(AgentExecutor executor) {
    return launcher.process(
        layout.run(agentId, executor.id, Layout.container(agentId, executor.number)));
  }

  private void start(AgentExecutor executor) {
    executor.starting = true;
    within(executor, settings.executors().registrationTimeout());
    executor.underway =
        launcher.launch(
            new Launcher.Plan(
                executor.process,
                executor.framework,
                executor.info.getCommand(),
                executor.info.getResourcesList(),
                Variables.executor(
                    settings,
                    agentId,
                    executor.framework,
                    executor.info,
                    shutdownGrace(executor),
                    settings.executors().authenticate()
                        ? Optional.of(tokens.token(executor.id, executor.process.container()))
                        : Optional.empty(),
                    executor.process),
                unit(executor)),
            new Launcher.Outcome() {
              @Override
              public void started() {
                executor.starting = false;
                if (executor.deadlineNanos == 0 && !executor.subscribed) {
                  within(executor, settings.executors().registrationTimeout());
                }
                look(executor);
              }

              @Override
              public void failed(String why) {
                executor.starting = false;
                if (executor.cause == null) {
                  executor.cause = Cause.notStarted(why);
                }
                end(executor, -1);
              }

              @Override
              public void cancelled() {
                executor.starting = false;
                end(executor, -1);
              }

              @Override
              public void ended() {
                look(executor);
              }
            });
  }

  private RootContainer unit(AgentExecutor executor) {
    return Units.of(agentId, executor.info, executor.number, tasksOf(executor));
  }

  /** Links the volumes of tasks into its sandbox; the tasks failed if that is false. */
  boolean mount(AgentExecutor executor, List<AgentTask> launched) {
    try {
      for (AgentTask each : launched) {
        launcher.mount(
            executor.process,
            executor.framework,
            executor.info.getCommand(),
            each.info().getResourcesList());
      }
      return true;
    } catch (IOException e) {
      Cause cause = Cause.notStarted("Failed to launch: " + e.getMessage());
      launched.forEach(each -> host.update(each, ends.ended(each, cause)));
      return false;
    }
  }

  private void within(AgentExecutor executor, Duration time) {
    long deadline = host.sources().now() + time.toNanos();
    executor.deadlineNanos = deadline == 0 ? 1 : deadline;
  }

  private Duration shutdownGrace(AgentExecutor executor) {
    return executor.info.hasShutdownGracePeriod()
        ? Duration.ofNanos(executor.info.getShutdownGracePeriod().getNanoseconds())
        : settings.executors().shutdownGrace();
  }

  /** After a restart of the agent. One that subscribed before is awaited (CP-300 to CP-302). */
  public void recover(AgentExecutor executor) {
    if (executor.isDefault() || executor.over()) {
      return;
    }
    attach(executor);
    if (!executor.process.started()) {
      if (executor.shuttingDown) {
        end(executor, -1);
      } else {
        start(executor);
        // It waits for a master, who may be long in coming.
        executor.deadlineNanos = 0;
      }
    } else if (!executor.framework.getCheckpoint()) {
      // Its framework did not ask for it to outlive the agent (CP-303).
      executor.shuttingDown = true;
      executor.process.signal("KILL");
      within(executor, KILL_AGAIN);
    } else if (executor.shuttingDown) {
      within(executor, shutdownGrace(executor));
    } else if (executor.subscribed) {
      executor.awaited = true;
      within(executor, settings.executors().reregistrationTimeout());
      // What became of a launch that was underway only the executor knows.
      tasksOf(executor).forEach(each -> each.delivered = true);
    } else {
      within(executor, settings.executors().registrationTimeout());
    }
  }

  // -- Watching ---------------------------------------------------------------------------------

  /** Whatever became due. */
  public void tick() {
    long now = host.sources().now();
    boolean idleLook = now - idleLookNanos >= 0;
    Map<ExecutorId, List<AgentTask>> all = idleLook ? tasksByExecutor() : Map.of();
    if (idleLook) {
      idleLookNanos = now + IDLE_LOOK.toNanos();
    }
    for (AgentExecutor executor : List.copyOf(executors.values())) {
      if (executor.over()) {
        continue;
      }
      if (executor.isDefault()) {
        if (idleLook) {
          endWithoutTasks(executor, all.getOrDefault(executor.id, List.of()), now);
        }
      } else if (executor.process != null) {
        if (executor.deadlineNanos != 0 && now - executor.deadlineNanos >= 0) {
          expire(executor);
        }
        look(executor);
      }
    }
  }

  private void expire(AgentExecutor executor) {
    if (executor.cause == null && !executor.shuttingDown) {
      executor.cause = executor.awaited ? Cause.late() : Cause.neverCame();
    }
    LOG.info("Executor {} is killed: its time is over", executor.id);
    within(executor, KILL_AGAIN);
    kill(executor);
  }

  /** It uses more than it may: it ends at once, with its tasks. */
  public void limit(AgentExecutor executor, Limitation limitation) {
    if (executor.over() || executor.cause != null) {
      return;
    }
    executor.cause = Cause.limited(limitation);
    executor.shuttingDown = true;
    if (executor.isDefault()) {
      tasksOf(executor).forEach(each -> tasks.limit(each, limitation));
    } else {
      within(executor, KILL_AGAIN);
      kill(executor);
    }
  }

  private void look(AgentExecutor executor) {
    if (executor.over() || executor.starting) {
      return;
    }
    Optional<Integer> status = executor.process.exitStatus();
    if (status.isEmpty() && executor.process.supervised()) {
      return;
    }
    // The supervisor leaves the status and then goes: look once more for one that came between.
    status = executor.process.exitStatus();
    launcher.sweep(executor.process);
    if (executor.cause == null && status.equals(TaskProcess.KILLED)) {
      RootContainer unit = unit(executor);
      isolator
          .memoryExceeded(unit)
          .ifPresent(
              used -> executor.cause = Cause.limited(Limitation.memory(unit.resources(), used)));
    }
    end(executor, status.map(TaskProcess::waitStatus).orElse(-1));
  }

  private void end(AgentExecutor executor, int status) {
    launcher.touch(process(executor));
    ends.end(executor, status, tasksOf(executor));
  }

  /** The default executor ends when it has nothing to run and nothing to have acknowledged. */
  private void endWithoutTasks(AgentExecutor executor, List<AgentTask> left, long now) {
    if (left.stream().anyMatch(each -> !each.terminal())) {
      executor.idleNanos = 0;
    } else if (executor.idleNanos == 0) {
      executor.idleNanos = now == 0 ? 1 : now;
    }
    boolean patient = now - executor.idleNanos < IDLE_MAX.toNanos();
    if (left.isEmpty() || (executor.idleNanos != 0 && !patient)) {
      end(executor, 0);
    }
  }

  /** The master knows of its end. */
  public void forget(AgentExecutor executor) {
    if (executor.process != null) {
      launcher.forget(executor.process);
    }
  }

  // -- Ending -----------------------------------------------------------------------------------

  /** SHUTDOWN, and SIGKILL after the grace (CP-308); at once if there is nobody to be told. */
  public void shutdown(AgentExecutor executor) {
    executor.shuttingDown = true;
    if (executor.over()) {
      return;
    }
    if (executor.isDefault()) {
      tasksOf(executor).forEach(tasks::kill);
      return;
    }
    if (executor.process == null) {
      end(executor, -1);
      return;
    }
    within(executor, executor.subscribed ? shutdownGrace(executor) : Duration.ZERO);
    if (executor.stream != null) {
      executor.stream.send(Events.SHUTDOWN);
    }
  }

  /** Ends its process without a word. */
  public void destroy(AgentExecutor executor) {
    executor.shuttingDown = true;
    if (executor.process != null) {
      kill(executor);
    }
  }

  private static void kill(AgentExecutor executor) {
    if (executor.starting) {
      executor.underway.cancel();
    } else {
      executor.process.signal("KILL");
    }
  }

  /** A task that the executor was not sent is over, and its group with it; else KILL is sent. */
  public void kill(AgentTask task) {
    AgentExecutor executor = executors.get(task.executor());
    if (task.terminal() || executor == null) {
      return;
    }
    if (task.delivered) {
      if (executor.stream != null) {
        executor.stream.send(Events.kill(task));
      }
      return;
    }
    for (AgentTask each : tasksOf(executor)) {
      if (each.launch.getNumber() == task.launch.getNumber()) {
        host.update(each, Drained.status(each, ends.killedBefore(each)));
      }
    }
    if (!executor.busy && tasksOf(executor).stream().allMatch(AgentTask::terminal)) {
      shutdown(executor);
    }
  }
}
