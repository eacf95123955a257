package io.quorate.agent;

import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.agent.store.record.UpdateMade;
import io.quorate.agent.task.TaskId;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.FrameworkID;
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
      case LAUNCH_GROUP,
          SHUTDOWN_EXECUTOR,
          MESSAGE,
          APPLY_OPERATION,
          ACKNOWLEDGE_OPERATION,
          DRAIN,
          REACTIVATE,
          UPDATE_FRAMEWORK,
          WHAT_NOT_SET -> {}
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
