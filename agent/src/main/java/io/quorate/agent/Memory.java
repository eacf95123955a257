package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.agent.store.record.UpdateMade;
import io.quorate.agent.task.TaskId;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an agent knows, and how it is told by the journal and to it. Core thread only. */
final class Memory {
  final Map<TaskId, AgentTask> tasks = new LinkedHashMap<>();
  String registrationId = "";
  volatile String agentId = "";
  long lastCommand;
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
        task.updates.resume(kept.getLatest());
        task.killed = kept.getKilled();
        task.disowned = kept.getDisowned();
        tasks.put(task.id, task);
      }
      case OPERATION -> {
        operations.take(record.getOperation());
        unfinished.remove(record.getOperation().getOperationUuid());
      }
      case DRAINING -> draining = record.getDraining();
      case WHAT_NOT_SET -> throw new IllegalStateException("a journal record of a later release");
    }
  }

  private void take(Command command) {
    lastCommand = Math.max(lastCommand, command.getNumber());
    switch (command.getWhatCase()) {
      case LAUNCH -> {
        AgentTask task = new AgentTask(id(command.getLaunch()), command);
        tasks.put(task.id, task);
      }
      case KILL -> {
        AgentTask task = tasks.get(id(command.getKill()));
        if (task != null) {
          task.killed = true;
        }
      }
      case ACKNOWLEDGE -> {
        var unused = acknowledged(command.getAcknowledge());
      }
      case SHUTDOWN_FRAMEWORK ->
          tasks.values().stream()
              .filter(task -> of(task, command.getShutdownFramework().getFrameworkId()))
              .forEach(
                  task -> {
                    task.disowned = true;
                    task.killed = true;
                  });
      case APPLY_OPERATION ->
          unfinished.put(
              command.getApplyOperation().getOperationUuid(), command.getApplyOperation());
      case ACKNOWLEDGE_OPERATION ->
          operations.acknowledged(command.getAcknowledgeOperation().getOperationUuid());
      case DRAIN -> drain(command.getDrain().getConfig());
      case REACTIVATE -> draining = null;
      case UPDATE_FRAMEWORK -> updated(command.getUpdateFramework().getFrameworkInfo());
      case LAUNCH_GROUP, SHUTDOWN_EXECUTOR, MESSAGE, WHAT_NOT_SET -> {}
    }
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
    for (AgentTask task : tasks.values()) {
      records.add(
          JournalRecord.newBuilder()
              .setKept(
                  TaskKept.newBuilder()
                      .setLaunch(task.launch)
                      .setLatest(task.updates.latest())
                      .setKilled(task.killed)
                      .setDisowned(task.disowned))
              .build());
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
}
