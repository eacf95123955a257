package io.quorate.agent;

import io.quorate.agent.executor.AgentExecutor;
import io.quorate.agent.executor.ExecutorDesk;
import io.quorate.agent.executor.ExecutorRunner;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.Host;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.Statuses;
import io.quorate.agent.task.TaskRunner;
import io.quorate.agent.task.Volumes;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each command of the master leads to, once it is safe in the journal. Core thread only. */
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private final Memory memory;
  private final Volumes volumes;
  private final Host host;
  private final Statuses statuses;
  private final TaskRunner tasks;
  private final ExecutorRunner executors;
  private final ExecutorDesk desk;

  Commands(
      Memory memory,
      Volumes volumes,
      Host host,
      Statuses statuses,
      TaskRunner tasks,
      ExecutorRunner executors,
      ExecutorDesk desk) {
    this.memory = memory;
    this.volumes = volumes;
    this.host = host;
    this.statuses = statuses;
    this.tasks = tasks;
    this.executors = executors;
    this.desk = desk;
  }

  void carryOut(Command command) {
    memory.safeCommand = command.getNumber();
    switch (command.getWhatCase()) {
      case LAUNCH, LAUNCH_GROUP -> launch(command);
      case KILL -> {
        AgentTask task = memory.tasks.get(Memory.id(command.getKill()));
        if (task != null) {
          kill(task, command.getKill());
        }
      }
      case ACKNOWLEDGE -> {
        AgentTask over = memory.acknowledged(command.getAcknowledge());
        if (over != null) {
          tasks.forget(over);
        }
      }
      case SHUTDOWN_FRAMEWORK -> shutdown(command.getShutdownFramework().getFrameworkId());
      case SHUTDOWN_EXECUTOR -> {
        AgentExecutor executor = memory.executors.get(Memory.id(command.getShutdownExecutor()));
        if (executor != null) {
          executors.shutdown(executor);
        }
      }
      case MESSAGE -> {
        Command.Message message = command.getMessage();
        desk.message(
            new ExecutorId(message.getFrameworkId().getValue(), message.getExecutorId().getValue()),
            message.getData());
      }
      case APPLY_OPERATION -> {
        JournalRecord done =
            memory.operations.carryOut(command.getApplyOperation(), volumes, host.sources().uuid());
        host.record(done, () -> memory.operations.take(done.getOperation()));
      }
      case ACKNOWLEDGE_OPERATION ->
          memory.operations.acknowledged(command.getAcknowledgeOperation().getOperationUuid());
      case DRAIN -> drain(command.getDrain().getConfig());
      case REACTIVATE -> memory.draining = null;
      case UPDATE_FRAMEWORK -> memory.updated(command.getUpdateFramework().getFrameworkInfo());
      case WHAT_NOT_SET -> LOG.warn("Command {} is of a later release", command.getNumber());
    }
  }

  // -- Launching --------------------------------------------------------------------------------

  private void launch(Command command) {
    AgentExecutor executor = memory.begun(command);
    List<AgentTask> launched = memory.launched(command);
    boolean executed = launched.get(0).info().hasExecutor();
    if (memory.draining != null) {
      drop(launched, TaskStatus.Reason.REASON_AGENT_DRAINING, "The agent is draining");
      if (executor != null && executor.number == command.getNumber()) {
        executors.shutdown(executor);
      }
    } else if (!executed) {
      tasks.launch(launched.get(0));
    } else if (executor == null) {
      drop(
          launched,
          TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
          "The executor is not what the master took it for: it ended, or it has not ended yet");
    } else if (executor.isDefault()) {
      launched.forEach(each -> each.parent = container(executor));
      launched.forEach(tasks::launch);
    } else {
      executors.begin(executor);
      desk.deliver(executor);
    }
  }

  private String container(AgentExecutor executor) {
    return Layout.container(memory.agentId, executor.number);
  }

  private void drop(List<AgentTask> launched, TaskStatus.Reason reason, String why) {
    launched.forEach(each -> host.update(each, statuses.dropped(each, reason, why)));
  }

  /** After a restart of the agent. */
  void recover() {
    for (AgentTask task : memory.tasks.values()) {
      AgentExecutor executor = memory.executors.get(task.executor());
      if (task.grouped && executor != null && executor.isDefault()) {
        task.parent = container(executor);
      }
    }
    tasks.recover(host.tasks().stream().filter(each -> !each.custom()).toList());
    List.copyOf(memory.executors.values()).forEach(executors::recover);
    for (AgentTask task : host.tasks()) {
      AgentExecutor executor = memory.executors.get(task.executor());
      boolean alone = executor == null || executor.over();
      if (task.custom() && !task.terminal() && alone) {
        drop(
            List.of(task),
            TaskStatus.Reason.REASON_EXECUTOR_TERMINATED,
            "The executor ended before the launch");
      }
    }
  }

  // -- Ending -----------------------------------------------------------------------------------

  private void kill(AgentTask task, Command.Kill kill) {
    if (task.custom()) {
      memory.killed(task, kill);
      executors.kill(task);
    } else {
      if (kill.hasKillPolicy()) {
        task.killPolicy = kill.getKillPolicy();
      }
      tasks.kill(task);
    }
  }

  private void shutdown(FrameworkID framework) {
    for (AgentTask task : host.tasks()) {
      if (Memory.of(task, framework)) {
        task.disowned = true;
        if (task.terminal()) {
          memory.tasks.remove(task.id);
        } else if (!task.custom()) {
          tasks.kill(task, TaskRunner.GRACE_DEFAULT.toNanos());
        }
      }
    }
    memory.executorsOf(framework).forEach(executors::shutdown);
  }

  private void drain(DrainConfig config) {
    memory.draining = config;
    for (AgentTask task : host.tasks()) {
      task.drained = true;
      task.drainedForGood = config.getMarkGone();
      if (task.custom()) {
        task.killed = true;
        task.killPolicy = within(config, task);
        executors.kill(task);
      } else {
        tasks.drain(task, config);
      }
    }
  }

  private static KillPolicy within(DrainConfig config, AgentTask task) {
    KillPolicy own = task.killPolicy == null ? task.info().getKillPolicy() : task.killPolicy;
    long grace =
        own.hasGracePeriod()
            ? own.getGracePeriod().getNanoseconds()
            : TaskRunner.GRACE_DEFAULT.toNanos();
    if (config.hasMaxGracePeriod()) {
      grace = Math.min(grace, config.getMaxGracePeriod().getNanoseconds());
    }
    return KillPolicy.newBuilder()
        .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(grace))
        .build();
  }

  /** The agent ends for good. */
  void killAll() {
    for (AgentTask task : host.tasks()) {
      if (!task.custom()) {
        tasks.kill(task, 0);
      }
    }
    memory.executors.values().forEach(executors::destroy);
  }
}
