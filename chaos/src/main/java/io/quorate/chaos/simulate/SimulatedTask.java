package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayDeque;

/**
 * What a simulated agent knows of a task: its latest state, and the updates it still has to tell.
 */
final class SimulatedTask {
  private final String framework;
  private final String id;
  private final String executor;
  private final ArrayDeque<TaskStatus> unacknowledged = new ArrayDeque<>();
  private TaskState state = TaskState.TASK_STAGING;
  private int updates;

  SimulatedTask(String framework, String id, String executor) {
    this.framework = framework;
    this.id = id;
    this.executor = executor;
  }

  String id() {
    return id;
  }

  String framework() {
    return framework;
  }

  String executor() {
    return executor;
  }

  TaskState state() {
    return state;
  }

  /** How many updates it had so far. */
  int updates() {
    return updates;
  }

  /** What to tell; null if all is acknowledged. */
  TaskStatus head() {
    return unacknowledged.peek();
  }

  TaskReport report() {
    return TaskReport.newBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setState(state)
        .build();
  }

  /** Whether this state may follow on the one that it has. */
  boolean mayBecome(TaskState next) {
    boolean back = state == TaskState.TASK_RUNNING && next == TaskState.TASK_STARTING;
    return !Invariants.terminal(state) && state != next && !back;
  }

  void add(TaskStatus status) {
    state = status.getState();
    updates++;
    unacknowledged.add(status);
  }

  /** Whether the task may be forgotten. */
  boolean acknowledged(ByteString uuid) {
    if (unacknowledged.isEmpty() || !unacknowledged.peek().getUuid().equals(uuid)) {
      return false;
    }
    unacknowledged.poll();
    return unacknowledged.isEmpty() && Invariants.terminal(state);
  }
}
