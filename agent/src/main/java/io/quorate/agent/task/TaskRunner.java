package io.quorate.agent.task;

import io.quorate.agent.check.Probes;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks that have no executor of the framework's own: command tasks, as Mesos's command
 * executor does, and the tasks of groups, as its default executor does (Mesos 4.6), without a
 * process of their own but a small shell. Core thread only.
 */
public final class TaskRunner {
  /** From SIGTERM to SIGKILL, unless call or task say otherwise (Mesos 4.10). */
  public static final Duration GRACE_DEFAULT = Duration.ofSeconds(3);

  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final AgentSettings settings;
  private final Layout layout;
  private final Host host;
  private final Launcher launcher;
  private final Isolator isolator;
  private final CheckScheduler checkScheduler;
  private final Statuses statuses;
  private String agentId = "";

  public TaskRunner(
      AgentSettings settings,
      Layout layout,
      Host host,
      Launcher launcher,
      Isolator isolator,
      Probes probes,
      Statuses statuses) {
    this.checkScheduler = new CheckScheduler(host, probes, statuses, this::kill);
    this.isolator = isolator;
    this.settings = settings;
    this.layout = layout;
    this.host = host;
    this.launcher = launcher;
    this.statuses = statuses;
  }

  public void identified(String id) {
    agentId = id;
  }

  // -- Starting ---------------------------------------------------------------------------------

  public void launch(AgentTask task) {
    attach(task);
    host.update(task, statuses.of(task, TaskState.TASK_STARTING));
    start(task);
  }

  private void attach(AgentTask task) {
    long number = task.launch.getNumber();
    task.sinceNanos = host.sources().now();
    Layout.Run run =
        task.parent.isEmpty()
            ? layout.run(agentId, task.executor(), Layout.container(agentId, number))
            : layout.nested(
                agentId,
                task.executor(),
                task.parent,
                task.id.task(),
                Layout.container(agentId, number, task.id.task()));
    task.process = launcher.process(run);
  }

  private void start(AgentTask task) {
    TaskInfo info = task.info();
    task.starting = true;
    task.underway =
        launcher.launch(
            new Launcher.Plan(
                task.process,
                task.framework(),
                info.getCommand(),
                info.getResourcesList(),
                Variables.task(settings, agentId, task),
                unit(task)),
            new Launcher.Outcome() {
              @Override
              public void started() {
                TaskRunner.this.started(task);
              }

              @Override
              public void failed(String why) {
                TaskRunner.this.failed(task, why);
              }

              @Override
              public void cancelled() {
                task.starting = false;
                end(task, killedBefore(task));
              }

              @Override
              public void ended() {
                look(task);
              }
            });
  }

  private RootContainer unit(AgentTask task) {
    if (task.parent.isEmpty()) {
      return Units.of(agentId, task);
    }
    List<AgentTask> all =
        host.tasks().stream().filter(each -> each.executor().equals(task.executor())).toList();
    RootContainer unit = Units.of(agentId, task.info().getExecutor(), 0, all);
    return new RootContainer(task.parent, unit.containers(), unit.resources());
  }

  private TaskStatus.Builder killedBefore(AgentTask task) {
    return statuses
        .of(task, TaskState.TASK_KILLED)
        .setSource(TaskStatus.Source.SOURCE_AGENT)
        .setReason(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH)
        .setMessage("Killed before it was started");
  }

  private void failed(AgentTask task, String why) {
    task.starting = false;
    end(
        task,
        statuses
            .of(task, TaskState.TASK_FAILED)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED)
            .setMessage(why));
  }

  private void started(AgentTask task) {
    task.starting = false;
    host.update(task, statuses.of(task, TaskState.TASK_RUNNING));
    lookAfter(task);
    if (task.killed) {
      signal(task);
    }
    look(task);
  }

  // -- Watching ---------------------------------------------------------------------------------

  /** After a restart of the agent: what is known is in the files. */
  public void recover(List<AgentTask> tasks) {
    tasks.forEach(this::attach);
    tasks.stream().filter(each -> !each.terminal()).forEach(this::recover);
    // Its end was told, but not yet carried to the others when the agent died.
    tasks.forEach(this::endGroup);
  }

  private void recover(AgentTask task) {
    if (!task.process.started()) {
      if (task.killed) {
        end(task, killedBefore(task));
      } else {
        if (!task.was(TaskState.TASK_STARTING)) {
          host.update(task, statuses.of(task, TaskState.TASK_STARTING));
        }
        start(task);
      }
      return;
    }
    if (task.was(TaskState.TASK_STAGING) || task.was(TaskState.TASK_STARTING)) {
      host.update(task, statuses.of(task, TaskState.TASK_RUNNING));
    }
    lookAfter(task);
    if (task.killed) {
      signal(task);
    }
    look(task);
  }

  private void lookAfter(AgentTask task) {
    if (!task.info().hasCheck() && !task.info().hasHealthCheck()) {
      return;
    }
    try {
      checkScheduler.begin(
          task,
          launcher.lower(task.info().getCommand(), task.framework()),
          Variables.task(settings, agentId, task));
    } catch (IOException e) {
      LOG.warn("Task {} has no checks", task.id, e);
    }
  }

  /** Whatever became due. */
  public void tick() {
    checkScheduler.tick();
    long now = host.sources().now();
    for (AgentTask task : host.tasks()) {
      if (task.terminal() || task.starting || task.process == null) {
        continue;
      }
      limitTime(task, now);
      if (task.forceNanos != 0 && now - task.forceNanos >= 0) {
        task.forceNanos = now + GRACE_DEFAULT.toNanos();
        task.process.signal("KILL");
      }
      look(task);
    }
  }

  private static void limitTime(AgentTask task, long now) {
    long limit = task.info().getMaxCompletionTime().getNanoseconds();
    if (limit > 0 && !task.ranTooLong && now - task.sinceNanos > limit) {
      task.ranTooLong = true;
      task.process.signal("KILL");
    }
  }

  /** Whether the task has ended, and how. */
  private void look(AgentTask task) {
    if (task.terminal() || task.starting) {
      return;
    }
    Optional<Integer> exit = task.process.exitStatus();
    if (exit.isEmpty() && task.process.supervised()) {
      return;
    }
    // The supervisor leaves the status and then goes: look once more for one that came between.
    exit = task.process.exitStatus();
    launcher.sweep(task.process);
    if (task.limitation == null && exit.equals(TaskProcess.KILLED)) {
      RootContainer unit = unit(task);
      isolator
          .memoryExceeded(unit)
          .ifPresent(used -> task.limitation = Limitation.memory(unit.resources(), used));
    }
    TaskStatus.Builder status;
    if (task.limitation != null) {
      status =
          statuses
              .of(task, TaskState.TASK_FAILED)
              .setSource(TaskStatus.Source.SOURCE_AGENT)
              .setReason(task.limitation.reason())
              .setMessage(task.limitation.message())
              .setLimitation(task.limitation.resources());
    } else if (exit.isEmpty()) {
      status =
          statuses
              .of(task, TaskState.TASK_FAILED)
              .setSource(TaskStatus.Source.SOURCE_AGENT)
              .setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED)
              .setMessage("Executor terminated");
    } else if (task.ranTooLong) {
      status =
          statuses
              .of(task, TaskState.TASK_FAILED)
              .setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED)
              .setMessage(TaskProcess.message(exit.get()));
    } else if (task.killed) {
      status = statuses.of(task, TaskState.TASK_KILLED).setMessage(TaskProcess.message(exit.get()));
      if (task.unhealthy) {
        status.setHealthy(false);
      }
    } else {
      TaskState end = exit.get() == 0 ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
      status = statuses.of(task, end).setMessage(TaskProcess.message(exit.get()));
    }
    end(task, status);
  }

  private void end(AgentTask task, TaskStatus.Builder status) {
    host.update(task, Drained.status(task, status));
    endGroup(task);
  }

  /** One that did not finish takes the rest of its group with it (CP-325, CP-326). */
  private void endGroup(AgentTask task) {
    if (!task.inGroup() || !task.terminal() || task.was(TaskState.TASK_FINISHED)) {
      return;
    }
    for (AgentTask other : host.tasks()) {
      boolean same =
          other.launch.getNumber() == task.launch.getNumber()
              && other.executor().equals(task.executor());
      if (same && !other.killed) {
        kill(other);
      }
    }
  }

  /** Its run's files are of no more use; the sandbox stays. */
  public void forget(AgentTask task) {
    if (task.process != null) {
      launcher.forget(task.process);
    }
  }

  // -- Ending -----------------------------------------------------------------------------------

  /** Grace: the call's policy, else the task's, else 3 s (Mesos 4.10, CP-348). */
  public void kill(AgentTask task) {
    kill(task, graceNanos(task));
  }

  private static long graceNanos(AgentTask task) {
    KillPolicy policy = task.killPolicy == null ? task.info().getKillPolicy() : task.killPolicy;
    return policy.hasGracePeriod()
        ? policy.getGracePeriod().getNanoseconds()
        : GRACE_DEFAULT.toNanos();
  }

  /** As KILL does, within what the drain allows (Mesos 4.3, CP-287). */
  public void drain(AgentTask task, DrainConfig config) {
    long grace = graceNanos(task);
    kill(
        task,
        config.hasMaxGracePeriod()
            ? Math.min(grace, config.getMaxGracePeriod().getNanoseconds())
            : grace);
  }

  /** SIGTERM now, SIGKILL after the grace; a later kill can only shorten it. */
  public void kill(AgentTask task, long graceNanos) {
    boolean begun = !task.terminal() && !task.starting && task.process.started();
    if (begun && !task.killed) {
      // It may have ended by itself, and nobody has looked yet.
      look(task);
    }
    if (task.terminal()) {
      return;
    }
    long force = host.sources().now() + graceNanos;
    boolean first = !task.killed;
    task.killed = true;
    if (first || force - task.forceNanos < 0) {
      task.forceNanos = force == 0 ? 1 : force;
    }
    if (task.starting) {
      task.underway.cancel();
    } else if (first) {
      if (task.tells(FrameworkInfo.Capability.Type.TASK_KILLING_STATE)) {
        end(task, statuses.of(task, TaskState.TASK_KILLING));
      }
      task.process.signal("TERM");
    }
  }

  /** It uses more than it may: it ends at once. */
  public void limit(AgentTask task, Limitation limitation) {
    if (!task.terminal() && task.limitation == null) {
      task.limitation = limitation;
      // Again, if the first does not reach it.
      task.forceNanos = host.sources().now() + GRACE_DEFAULT.toNanos();
      if (!task.starting) {
        task.process.signal("KILL");
      }
    }
  }

  private void signal(AgentTask task) {
    if (task.forceNanos == 0) {
      task.forceNanos = host.sources().now() + GRACE_DEFAULT.toNanos();
    }
    task.process.signal("TERM");
  }
}
