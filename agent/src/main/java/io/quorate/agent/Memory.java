package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.executor.AgentExecutor;
import io.quorate.agent.store.record.ExecutorEnded;
import io.quorate.agent.store.record.ExecutorKept;
import io.quorate.agent.store.record.ExecutorNamed;
import io.quorate.agent.store.record.ExecutorTold;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.agent.store.record.UpdateMade;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.TaskId;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an agent knows, and how it is told by the journal and to it. Core thread only. */
final class Memory {
  final Map<TaskId, AgentTask> tasks = new LinkedHashMap<>();
  final Map<ExecutorId, AgentExecutor> executors = new LinkedHashMap<>();
  String registrationId = "";
  volatile String agentId = "";
  long lastCommand;

  /** The last command whose record was synced: the master may forget it. */
  long safeCommand;

  /** As masters know this agent; null before. */
  AgentInfo introduced;

  long highestTerm;
  final Operations operations = new Operations();

  /** Commands whose operation is to be carried out again: the journal has no end of it. */
  final Map<ByteString, Command.ApplyOperation> unfinished = new LinkedHashMap<>();

  /** The drain underway or done; null if this agent takes tasks. */
  DrainConfig draining;

  /** Takes a record of an earlier process. */
  void take(JournalRecord record) {
    switch (record.getWhatCase()) {
      case IDENTITY -> {
        registrationId = record.getIdentity().getRegistrationId();
        agentId = record.getIdentity().getAgentId();
      }
      case COMMAND -> take(record.getCommand());
      case UPDATE -> {
        TaskStatus status = record.getUpdate().getStatus();
        AgentTask task =
            tasks.get(
                new TaskId(record.getUpdate().getFrameworkId(), status.getTaskId().getValue()));
        if (task != null) {
          task.updates.add(status);
        }
      }
      case TERM -> highestTerm = Math.max(highestTerm, record.getTerm());
      case COMMANDS_DONE -> lastCommand = record.getCommandsDone();
      case KEPT -> {
        TaskKept kept = record.getKept();
        AgentTask task = new AgentTask(id(kept.getLaunch().getLaunch()), kept.getLaunch());
        task.updates.resume(kept.getLatest(), kept.getSeenList());
        task.killed = kept.getKilled();
        task.killPolicy = kept.hasKillPolicy() ? kept.getKillPolicy() : null;
        task.disowned = kept.getDisowned();
        task.grouped = kept.getGrouped();
        tasks.put(task.id, task);
      }
      case OPERATION -> {
        operations.take(record.getOperation());
        unfinished.remove(record.getOperation().getOperationUuid());
      }
      case DRAINING -> draining = record.getDraining();
      case EXECUTOR_SUBSCRIBED -> {
        AgentExecutor executor = executors.get(id(record.getExecutorSubscribed()));
        if (executor != null) {
          executor.subscribed = true;
        }
      }
      case EXECUTOR_ENDED -> {
        ExecutorEnded ended = record.getExecutorEnded();
        AgentExecutor executor =
            executors.get(new ExecutorId(ended.getFrameworkId(), ended.getExecutorId()));
        if (executor != null) {
          executor.exit = ended.getStatus();
        }
      }
      case EXECUTOR_TOLD -> {
        ExecutorTold told = record.getExecutorTold();
        executors.values().removeIf(each -> told(each).getExecutorTold().equals(told));
      }
      case EXECUTOR_KEPT -> {
        ExecutorKept kept = record.getExecutorKept();
        AgentExecutor executor =
            new AgentExecutor(kept.getFrameworkInfo(), kept.getExecutorInfo(), kept.getNumber());
        executor.subscribed = kept.getSubscribed();
        executor.shuttingDown = kept.getShuttingDown();
        executor.exit = kept.hasStatus() ? kept.getStatus() : null;
        executors.put(executor.id, executor);
      }
      case INTRODUCED -> introduced = record.getIntroduced();
      case WHAT_NOT_SET -> throw new IllegalStateException("a journal record of a later release");
    }
  }

  private static ExecutorId id(ExecutorNamed named) {
    return new ExecutorId(named.getFrameworkId(), named.getExecutorId());
  }

  private void take(Command command) {
    lastCommand = Math.max(lastCommand, command.getNumber());
    switch (command.getWhatCase()) {
      case LAUNCH, LAUNCH_GROUP -> {
        var unused = begun(command);
        launched(command);
      }
      case KILL -> {
        AgentTask task = tasks.get(id(command.getKill()));
        if (task != null) {
          killed(task, command.getKill());
        }
      }
      case ACKNOWLEDGE -> {
        var unused = acknowledged(command.getAcknowledge());
      }
      case SHUTDOWN_FRAMEWORK -> {
        FrameworkID framework = command.getShutdownFramework().getFrameworkId();
        for (AgentTask task : tasks.values()) {
          if (of(task, framework)) {
            task.disowned = true;
            task.killed = true;
          }
        }
        executorsOf(framework).forEach(each -> each.shuttingDown = true);
      }
      case SHUTDOWN_EXECUTOR -> {
        AgentExecutor executor = executors.get(id(command.getShutdownExecutor()));
        if (executor != null) {
          executor.shuttingDown = true;
        }
      }
      case APPLY_OPERATION ->
          unfinished.put(
              command.getApplyOperation().getOperationUuid(), command.getApplyOperation());
      case ACKNOWLEDGE_OPERATION ->
          operations.acknowledged(command.getAcknowledgeOperation().getOperationUuid());
      case DRAIN -> drain(command.getDrain().getConfig());
      case REACTIVATE -> draining = null;
      case UPDATE_FRAMEWORK -> updated(command.getUpdateFramework().getFrameworkInfo());
      case MESSAGE, WHAT_NOT_SET -> {}
    }
  }

  /** The tasks of a launch, alone or of a group. */
  List<AgentTask> launched(Command command) {
    List<AgentTask> launched = new ArrayList<>();
    if (command.hasLaunch()) {
      launched.add(new AgentTask(id(command.getLaunch()), command));
    }
    for (TaskInfo each : command.getLaunchGroup().getTaskGroup().getTasksList()) {
      Command.Launch launch =
          Command.Launch.newBuilder()
              .setFrameworkInfo(command.getLaunchGroup().getFrameworkInfo())
              .setTaskInfo(each)
              .build();
      AgentTask task =
          new AgentTask(
              id(launch),
              Command.newBuilder().setNumber(command.getNumber()).setLaunch(launch).build());
      task.grouped = true;
      launched.add(task);
    }
    launched.forEach(each -> tasks.put(each.id, each));
    return launched;
  }

  /**
   * The executor that a launch is for: a new one if the master says so, else the one that runs.
   * Null if the master did not know yet what became of it.
   */
  AgentExecutor begun(Command command) {
    boolean group = command.hasLaunchGroup();
    FrameworkInfo framework =
        group
            ? command.getLaunchGroup().getFrameworkInfo()
            : command.getLaunch().getFrameworkInfo();
    ExecutorInfo info =
        group
            ? command.getLaunchGroup().getExecutorInfo()
            : command.getLaunch().getTaskInfo().getExecutor();
    if (!group && !command.getLaunch().getTaskInfo().hasExecutor()) {
      return null;
    }
    AgentExecutor asked = new AgentExecutor(framework, info, command.getNumber());
    AgentExecutor there = executors.get(asked.id);
    boolean fresh =
        group ? command.getLaunchGroup().getNewExecutor() : command.getLaunch().getNewExecutor();
    if (fresh && (there == null || there.over())) {
      executors.put(asked.id, asked);
      return asked;
    }
    return !fresh && there != null && there.takesTasks() ? there : null;
  }

  void killed(AgentTask task, Command.Kill kill) {
    task.killed = true;
    if (kill.hasKillPolicy()) {
      task.killPolicy = kill.getKillPolicy();
    }
  }

  List<AgentExecutor> executorsOf(FrameworkID framework) {
    return executors.values().stream()
        .filter(each -> each.id.framework().equals(framework.getValue()))
        .toList();
  }

  /** Every task here is to end, and none is to begin. */
  void drain(DrainConfig config) {
    draining = config;
    for (AgentTask task : tasks.values()) {
      task.drained = true;
      task.drainedForGood = config.getMarkGone();
      task.killed = true;
    }
  }

  void updated(FrameworkInfo info) {
    for (AgentTask task : tasks.values()) {
      if (of(task, info.getId())) {
        Command.Builder launch = task.launch.toBuilder();
        launch.getLaunchBuilder().setFrameworkInfo(info);
        task.launch = launch.build();
      }
    }
    executorsOf(info.getId()).forEach(each -> each.framework = info);
  }

  /** The task that is over and acknowledged now, and so is known no more; else null. */
  AgentTask acknowledged(Command.Acknowledge acknowledge) {
    AgentTask task =
        tasks.get(
            new TaskId(
                acknowledge.getFrameworkId().getValue(), acknowledge.getTaskId().getValue()));
    if (task == null) {
      return null;
    }
    task.updates.acknowledge(acknowledge.getUuid());
    if (!task.terminal() || !task.updates.isEmpty()) {
      return null;
    }
    tasks.remove(task.id);
    return task;
  }

  /** What is still of interest, in place of all that happened. */
  List<JournalRecord> compacted() {
    List<JournalRecord> records = new ArrayList<>();
    Identity.Builder identity = Identity.newBuilder().setRegistrationId(registrationId);
    if (!agentId.isEmpty()) {
      identity.setAgentId(agentId);
    }
    records.add(JournalRecord.newBuilder().setIdentity(identity).build());
    records.add(JournalRecord.newBuilder().setTerm(highestTerm).build());
    if (introduced != null) {
      records.add(JournalRecord.newBuilder().setIntroduced(introduced).build());
    }
    executors.values().forEach(each -> records.add(kept(each)));
    for (AgentTask task : tasks.values()) {
      TaskKept.Builder kept =
          TaskKept.newBuilder()
              .setLaunch(task.launch)
              .setLatest(task.updates.latest())
              .setKilled(task.killed)
              .setDisowned(task.disowned)
              .addAllSeen(task.updates.seen())
              .setGrouped(task.grouped);
      if (task.killPolicy != null) {
        kept.setKillPolicy(task.killPolicy);
      }
      records.add(JournalRecord.newBuilder().setKept(kept).build());
      for (TaskStatus status : task.updates.all()) {
        records.add(made(task.id, status));
      }
    }
    records.addAll(operations.records());
    if (draining != null) {
      records.add(JournalRecord.newBuilder().setDraining(draining).build());
    }
    records.add(JournalRecord.newBuilder().setCommandsDone(lastCommand).build());
    return records;
  }

  private static JournalRecord kept(AgentExecutor executor) {
    ExecutorKept.Builder kept =
        ExecutorKept.newBuilder()
            .setFrameworkInfo(executor.framework)
            .setExecutorInfo(executor.info)
            .setNumber(executor.number)
            .setSubscribed(executor.subscribed)
            .setShuttingDown(executor.shuttingDown);
    if (executor.over()) {
      kept.setStatus(executor.exit);
    }
    return JournalRecord.newBuilder().setExecutorKept(kept).build();
  }

  static JournalRecord made(TaskId id, TaskStatus status) {
    return JournalRecord.newBuilder()
        .setUpdate(UpdateMade.newBuilder().setFrameworkId(id.framework()).setStatus(status))
        .build();
  }

  static boolean of(AgentTask task, FrameworkID framework) {
    return task.id.framework().equals(framework.getValue());
  }

  static TaskId id(Command.Launch launch) {
    return new TaskId(
        launch.getFrameworkInfo().getId().getValue(), launch.getTaskInfo().getTaskId().getValue());
  }

  static TaskId id(Command.Kill kill) {
    return new TaskId(kill.getFrameworkId().getValue(), kill.getTaskId().getValue());
  }

  static ExecutorId id(Command.ShutdownExecutor shutdown) {
    return new ExecutorId(
        shutdown.getFrameworkId().getValue(), shutdown.getExecutorId().getValue());
  }

  static JournalRecord told(AgentExecutor executor) {
    return JournalRecord.newBuilder()
        .setExecutorTold(
            ExecutorTold.newBuilder()
                .setFrameworkId(executor.id.framework())
                .setExecutorId(executor.id.executor())
                .setNumber(executor.number))
        .build();
  }
}
