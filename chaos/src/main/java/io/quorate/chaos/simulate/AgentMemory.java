package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskInfo;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a simulated agent knows. All of it comes of the records of its journal, one after the other,
 * so that it is the same after a restart.
 */
final class AgentMemory {
  String id = "";
  long done;
  long highestTerm;
  boolean draining;
  final TreeMap<String, SimulatedTask> tasks = new TreeMap<>();

  /** Tasks that were told to end. */
  final TreeSet<String> killed = new TreeSet<>();

  /** The framework of each. */
  final TreeMap<String, String> executors = new TreeMap<>();

  /** Executors that were told to end. */
  final TreeSet<String> shutDown = new TreeSet<>();

  /** Executors whose end the master has not taken note of. */
  final TreeMap<String, String> exited = new TreeMap<>();

  final TreeMap<String, Told> operations = new TreeMap<>();

  /** An operation that was done, until the master knows. */
  record Told(ByteString operation, OperationStatus status) {}

  static String key(ByteString uuid) {
    return HexFormat.of().formatHex(uuid.toByteArray());
  }

  /**
   * Takes note of a command.
   *
   * @param status of the operation, if it is one
   */
  void take(Command command, OperationStatus status) {
    done = command.getNumber();
    switch (command.getWhatCase()) {
      case LAUNCH, LAUNCH_GROUP -> launched(command).forEach(task -> begin(command, task));
      case KILL -> killed.add(command.getKill().getTaskId().getValue());
      case ACKNOWLEDGE -> {
        SimulatedTask task = tasks.get(command.getAcknowledge().getTaskId().getValue());
        if (task != null && task.acknowledged(command.getAcknowledge().getUuid())) {
          tasks.remove(task.id());
          killed.remove(task.id());
        }
      }
      case SHUTDOWN_FRAMEWORK -> {
        String framework = command.getShutdownFramework().getFrameworkId().getValue();
        tasks.values().removeIf(task -> task.framework().equals(framework));
        executors.values().removeIf(framework::equals);
        exited.values().removeIf(framework::equals);
      }
      case SHUTDOWN_EXECUTOR ->
          shutDown.add(command.getShutdownExecutor().getExecutorId().getValue());
      case APPLY_OPERATION -> {
        ByteString uuid = command.getApplyOperation().getOperationUuid();
        operations.put(key(uuid), new Told(uuid, status));
      }
      case ACKNOWLEDGE_OPERATION ->
          operations.remove(key(command.getAcknowledgeOperation().getOperationUuid()));
      case DRAIN -> {
        draining = true;
        killed.addAll(tasks.keySet());
      }
      case REACTIVATE -> draining = false;
      case MESSAGE, UPDATE_FRAMEWORK, WHAT_NOT_SET -> {}
    }
  }

  /** The tasks of a launch, alone or of a group. */
  static List<TaskInfo> launched(Command command) {
    return command.hasLaunch()
        ? List.of(command.getLaunch().getTaskInfo())
        : command.getLaunchGroup().getTaskGroup().getTasksList();
  }

  private void begin(Command command, TaskInfo info) {
    String framework =
        command.hasLaunch()
            ? command.getLaunch().getFrameworkInfo().getId().getValue()
            : command.getLaunchGroup().getFrameworkInfo().getId().getValue();
    String task = info.getTaskId().getValue();
    String executor = info.getExecutor().getExecutorId().getValue();
    tasks.put(task, new SimulatedTask(framework, task, executor));
    if (!executor.isEmpty() && !draining) {
      executors.put(executor, framework);
      exited.remove(executor);
      shutDown.remove(executor);
    }
  }

  void exits(String executor) {
    exited.put(executor, executors.remove(executor));
    shutDown.remove(executor);
  }
}
