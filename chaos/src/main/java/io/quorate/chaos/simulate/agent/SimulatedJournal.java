package io.quorate.chaos.simulate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.AgentJournal;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.chaos.simulate.world.SimulatedDisk;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file of an agent's journal on a simulated disk. What it is given tells the invariants what
 * the agent takes for true.
 */
final class SimulatedJournal implements AgentJournal {
  private final SimulatedAgent agent;
  private final SimulatedDisk disk;
  private List<JournalRecord> file = new ArrayList<>();

  /** How many updates each task had, as the process knows it. */
  private final Map<String, Integer> updates = new HashMap<>();

  /** Those that were counted when the journal was written anew. */
  private final Set<ByteString> counted = new HashSet<>();

  /** Tasks that were told to end. */
  private final Set<String> ordered = new HashSet<>();

  private long lastCommand;
  private long bytes;

  SimulatedJournal(SimulatedAgent agent, SimulatedDisk disk) {
    this.agent = agent;
    this.disk = disk;
  }

  @Override
  public List<JournalRecord> read() {
    updates.clear();
    counted.clear();
    lastCommand = 0;
    file.forEach(this::take);
    return List.copyOf(file);
  }

  /** As one renaming does: at once, or not at all. */
  @Override
  public void replace(List<JournalRecord> records) {
    file = new ArrayList<>(records);
    bytes = 0;
    records.forEach(record -> bytes += record.getSerializedSize());
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void append(JournalRecord record) {
    take(record);
    bytes += record.getSerializedSize();
    if (record.hasUpdate()) {
      made(record.getUpdate().getStatus());
    }
    disk.write(
        SimulatedDisk.File.JOURNAL,
        torn -> {
          // A torn record tells itself by its checksum, and is cut off.
          if (!torn) {
            file.add(record);
          }
        });
  }

  @Override
  public void sync() {
    throw new UnsupportedOperationException("it takes time: the process waits for the disk");
  }

  private void take(JournalRecord record) {
    switch (record.getWhatCase()) {
      case COMMAND -> take(record.getCommand());
      case SNAPSHOT -> {
        lastCommand = record.getSnapshot().getLastCommand();
        agent.identified(record.getSnapshot().getIdentity().getAgentId());
        record.getSnapshot().getTasksList().forEach(this::kept);
      }
      case UPDATE -> {
        TaskStatus status = record.getUpdate().getStatus();
        if (!counted.contains(status.getUuid())) {
          updates.merge(status.getTaskId().getValue(), 1, Integer::sum);
        }
      }
      case IDENTITY -> agent.identified(record.getIdentity().getAgentId());
      default -> {}
    }
  }

  private void kept(TaskKept task) {
    String id = task.getLaunch().getLaunch().getTaskInfo().getTaskId().getValue();
    updates.put(id, task.getSeenCount());
    counted.addAll(task.getSeenList());
    if (task.getKilled()) {
      ordered.add(id);
    }
  }

  private void take(Command command) {
    lastCommand = Math.max(lastCommand, command.getNumber());
    switch (command.getWhatCase()) {
      case LAUNCH -> launched(command.getLaunch().getTaskInfo());
      case LAUNCH_GROUP ->
          command.getLaunchGroup().getTaskGroup().getTasksList().forEach(this::launched);
      case KILL -> ordered.add(command.getKill().getTaskId().getValue());
      case DRAIN -> ordered.addAll(updates.keySet());
      default -> {}
    }
  }

  private void launched(TaskInfo task) {
    updates.putIfAbsent(task.getTaskId().getValue(), 0);
  }

  private void made(TaskStatus status) {
    String task = status.getTaskId().getValue();
    agent.invariants().made(status.getUuid(), updates.get(task) - 1);
    if (status.getState() == TaskState.TASK_DROPPED) {
      agent.invariants().tasksRunOnce(task, agent.name());
    }
  }

  /** The last command that the process took. */
  long lastCommand() {
    return lastCommand;
  }

  /** Whether it was told to end. */
  boolean ordered(String task) {
    return ordered.contains(task);
  }

  /** The last update is lost, as by a file system that lies. */
  void forgetUpdate() {
    for (int i = file.size() - 1; i >= 0; i--) {
      if (file.get(i).hasUpdate()) {
        file.remove(i);
        return;
      }
    }
  }
}
