package io.quorate.agent;

import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskId;
import io.quorate.agent.task.TaskProcess;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerID;
import io.quorate.protocol.v1.ContainerStatus;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts, watches and ends tasks, as Mesos's command executor does (Mesos 4.6), without a process
 * of its own per task but a small shell. Core thread only, but for the starting itself.
 */
final class TaskRunner {
  static final Duration GRACE_DEFAULT = Duration.ofSeconds(3);
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

  private final AgentSettings settings;
  private final Layout layout;
  private final AgentCore core;
  private final Path supervisor;
  private final ExecutorService starters;
  private final boolean root = "root".equals(System.getProperty("user.name"));
  private String agentId = "";

  TaskRunner(AgentSettings settings, Layout layout, AgentCore core) throws IOException {
    this.settings = settings;
    this.layout = layout;
    this.core = core;
    this.supervisor = layout.meta().resolve("supervise.sh");
    this.starters = Executors.newFixedThreadPool(settings.startsMax(), TaskRunner::thread);
    Files.createDirectories(layout.meta());
    try (InputStream script = TaskProcess.class.getResourceAsStream("supervise.sh")) {
      Files.copy(script, supervisor, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Thread thread(Runnable task) {
    Thread starter = new Thread(task, "task-starter");
    starter.setDaemon(true);
    return starter;
  }

  Layout layout() {
    return layout;
  }

  void identified(String id) {
    agentId = id;
  }

  // -- Starting ---------------------------------------------------------------------------------

  void launch(AgentTask task) {
    attach(task);
    core.update(task, status(task, TaskState.TASK_STARTING));
    start(task);
  }

  /** A run has the same id for every agent process: made from the command that launched it. */
  private void attach(AgentTask task) {
    String name = agentId + "/" + task.launch.getNumber();
    String container = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    task.process =
        new TaskProcess(
            container, layout.run(container), layout.sandbox(agentId, task.id, container));
  }

  private void start(AgentTask task) {
    TaskInfo info = task.launch.getLaunch().getTaskInfo();
    Optional<String> unsupported = unsupported(info);
    if (unsupported.isPresent()) {
      failed(task, unsupported.get());
      return;
    }
    task.starting = true;
    starters.execute(
        () -> {
          try {
            Volumes.mount(layout, task.process.sandbox(), info, user(task));
            Process process =
                task.process.start(supervisor, info.getCommand(), user(task), environment(task));
            core.post(() -> started(task));
            process.onExit().thenRun(() -> core.post(() -> look(task)));
          } catch (IOException | RuntimeException e) {
            core.post(() -> failed(task, "Failed to launch: " + e.getMessage()));
          }
        });
  }

  private static Optional<String> unsupported(TaskInfo info) {
    if (info.getCommand().getUrisCount() > 0) {
      return Optional.of("command.uris: this release has no fetcher");
    }
    if (info.hasExecutor()) {
      return Optional.of("executor: this release runs command tasks only");
    }
    return info.hasContainer()
        ? Optional.of("container: this release runs command tasks only")
        : Optional.empty();
  }

  private void failed(AgentTask task, String why) {
    task.starting = false;
    core.update(
        task,
        status(task, TaskState.TASK_FAILED)
            .setSource(TaskStatus.Source.SOURCE_AGENT)
            .setReason(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED)
            .setMessage(why));
  }

  private void started(AgentTask task) {
    task.starting = false;
    core.update(task, status(task, TaskState.TASK_RUNNING));
    if (task.killed) {
      signal(task);
    }
    look(task);
  }

  /** The user of the command, else of the framework; none where the agent is not root. */
  private Optional<String> user(AgentTask task) {
    CommandInfo command = task.launch.getLaunch().getTaskInfo().getCommand();
    String user =
        command.hasUser()
            ? command.getUser()
            : task.launch.getLaunch().getFrameworkInfo().getUser();
    boolean own = user.isEmpty() || user.equals(System.getProperty("user.name"));
    return settings.switchUser() && root && !own ? Optional.of(user) : Optional.empty();
  }

  /** As Mesos sets it, and MESOS_TASK_ID besides (Mesos 4.6). The task's own variables win. */
  private Map<String, String> environment(AgentTask task) {
    TaskInfo info = task.launch.getLaunch().getTaskInfo();
    FrameworkInfo framework = task.launch.getLaunch().getFrameworkInfo();
    String sandbox = task.process.sandbox().toString();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("MESOS_FRAMEWORK_ID", task.id.framework());
    variables.put("MESOS_EXECUTOR_ID", task.id.task());
    variables.put("MESOS_TASK_ID", task.id.task());
    variables.put("MESOS_SLAVE_ID", agentId);
    variables.put("MESOS_AGENT_ENDPOINT", settings.ip() + ":" + settings.port());
    variables.put("MESOS_SLAVE_PID", "slave(1)@" + settings.ip() + ":" + settings.port());
    variables.put("MESOS_DIRECTORY", sandbox);
    variables.put("MESOS_SANDBOX", sandbox);
    variables.put("MESOS_CHECKPOINT", framework.getCheckpoint() ? "1" : "0");
    variables.put("MESOS_CONTAINER_ID", task.process.container());
    if (info.getResourcesCount() > 0) {
      variables.put("MESOS_ALLOCATION_ROLE", info.getResources(0).getAllocationInfo().getRole());
    }
    for (Environment.Variable each : info.getCommand().getEnvironment().getVariablesList()) {
      variables.put(each.getName(), each.getValue());
    }
    return variables;
  }

  // -- Watching ---------------------------------------------------------------------------------

  /** After a restart of the agent: what is known is in the files. */
  void recover(AgentTask task) {
    attach(task);
    if (task.terminal()) {
      return;
    }
    if (!task.process.started()) {
      if (task.killed) {
        core.update(
            task,
            status(task, TaskState.TASK_KILLED)
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH)
                .setMessage("Killed before it was started"));
      } else {
        if (!task.was(TaskState.TASK_STARTING)) {
          core.update(task, status(task, TaskState.TASK_STARTING));
        }
        start(task);
      }
      return;
    }
    if (task.was(TaskState.TASK_STAGING) || task.was(TaskState.TASK_STARTING)) {
      core.update(task, status(task, TaskState.TASK_RUNNING));
    }
    if (task.killed) {
      signal(task);
    }
    look(task);
  }

  void tick(Iterable<AgentTask> tasks) {
    long now = System.nanoTime();
    for (AgentTask task : java.util.List.copyOf((java.util.Collection<AgentTask>) tasks)) {
      if (task.terminal() || task.starting || task.process == null) {
        continue;
      }
      limitTime(task);
      if (task.forceNanos != 0 && now - task.forceNanos >= 0) {
        task.forceNanos = now + GRACE_DEFAULT.toNanos();
        task.process.signal("KILL");
      }
      look(task);
    }
  }

  private void limitTime(AgentTask task) {
    TaskInfo info = task.launch.getLaunch().getTaskInfo();
    long limit = info.getMaxCompletionTime().getNanoseconds();
    if (limit > 0 && !task.ranTooLong && task.runningNanos() > limit) {
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
    TaskStatus.Builder status;
    if (exit.isEmpty()) {
      status =
          status(task, TaskState.TASK_FAILED)
              .setSource(TaskStatus.Source.SOURCE_AGENT)
              .setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED)
              .setMessage("Executor terminated");
    } else if (task.ranTooLong) {
      status =
          status(task, TaskState.TASK_FAILED)
              .setReason(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED)
              .setMessage(TaskProcess.message(exit.get()));
    } else if (task.killed) {
      status = status(task, TaskState.TASK_KILLED).setMessage(TaskProcess.message(exit.get()));
    } else {
      TaskState end = exit.get() == 0 ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
      status = status(task, end).setMessage(TaskProcess.message(exit.get()));
    }
    core.update(task, task.drained ? Drained.status(task, status) : status);
  }

  /** Its run's files are of no more use; the sandbox stays. */
  void forget(AgentTask task) {
    if (task.process == null) {
      return;
    }
    starters.execute(
        () -> {
          try {
            for (String name : java.util.List.of("exit", "task", "supervisor", "started")) {
              Files.deleteIfExists(task.process.run().resolve(name));
            }
            Files.deleteIfExists(task.process.run());
          } catch (IOException e) {
            LOG.debug("The files of run {} stay", task.process.container(), e);
          }
        });
  }

  // -- Ending -----------------------------------------------------------------------------------

  /** Grace: the call's policy, else the task's, else 3 s (Mesos 4.10). */
  void kill(AgentTask task, Command.Kill kill) {
    KillPolicy policy =
        kill.hasKillPolicy()
            ? kill.getKillPolicy()
            : task.launch.getLaunch().getTaskInfo().getKillPolicy();
    kill(
        task,
        policy.hasGracePeriod()
            ? policy.getGracePeriod().getNanoseconds()
            : GRACE_DEFAULT.toNanos());
  }

  /** As KILL does, within what the drain allows (Mesos 4.3, CP-287). */
  void drain(AgentTask task, DrainConfig config) {
    task.drained = true;
    task.drainedForGood = config.getMarkGone();
    KillPolicy policy = task.launch.getLaunch().getTaskInfo().getKillPolicy();
    long grace =
        policy.hasGracePeriod()
            ? policy.getGracePeriod().getNanoseconds()
            : GRACE_DEFAULT.toNanos();
    kill(
        task,
        config.hasMaxGracePeriod()
            ? Math.min(grace, config.getMaxGracePeriod().getNanoseconds())
            : grace);
  }

  /** Launched while draining: it never begins. */
  void drop(AgentTask task) {
    attach(task);
    core.update(task, Drained.dropped(task, status(task, TaskState.TASK_DROPPED)));
  }

  /** SIGTERM now, SIGKILL after the grace; a later kill can only shorten it. */
  void kill(AgentTask task, long graceNanos) {
    if (task.terminal()) {
      return;
    }
    long force = System.nanoTime() + graceNanos;
    boolean first = !task.killed;
    task.killed = true;
    if (first || force - task.forceNanos < 0) {
      task.forceNanos = force == 0 ? 1 : force;
    }
    if (!task.starting && first) {
      boolean told =
          task.launch.getLaunch().getFrameworkInfo().getCapabilitiesList().stream()
              .anyMatch(each -> each.getType() == FrameworkInfo.Capability.Type.TASK_KILLING_STATE);
      if (told) {
        TaskStatus.Builder killing = status(task, TaskState.TASK_KILLING);
        core.update(task, task.drained ? Drained.status(task, killing) : killing);
      }
      task.process.signal("TERM");
    }
  }

  private void signal(AgentTask task) {
    if (task.forceNanos == 0) {
      task.forceNanos = System.nanoTime() + GRACE_DEFAULT.toNanos();
    }
    task.process.signal("TERM");
  }

  private TaskStatus.Builder status(AgentTask task, TaskState state) {
    TaskId id = task.id;
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(task.launch.getLaunch().getTaskInfo().getTaskId())
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setAgentId(AgentID.newBuilder().setValue(agentId))
            .setExecutorId(ExecutorID.newBuilder().setValue(id.task()))
            .setTimestamp(Clock.systemUTC().millis() / 1000.0);
    ContainerStatus.Builder container =
        ContainerStatus.newBuilder()
            .setContainerId(ContainerID.newBuilder().setValue(task.process.container()))
            .addNetworkInfos(
                NetworkInfo.newBuilder()
                    .addIpAddresses(
                        NetworkInfo.IPAddress.newBuilder()
                            .setProtocol(NetworkInfo.Protocol.IPv4)
                            .setIpAddress(settings.ip())));
    task.process.supervisorPid().ifPresent(pid -> container.setExecutorPid(pid.intValue()));
    return status.setContainerStatus(container);
  }
}
