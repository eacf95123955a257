package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayDeque;

/** A task on a simulated agent, with its stream of updates. */
final class SimulatedTask {
  private static final long RETRY_MAX = 600 * World.SECOND;

  private final World world;
  private final Invariants invariants;
  private final String framework;
  private final String id;
  private final String executor;
  private final SimulatedAgent.Caller caller;
  private final ArrayDeque<TaskStatus> unacknowledged = new ArrayDeque<>();
  private TaskState state = TaskState.TASK_STAGING;
  private int updates;
  private int sends;

  SimulatedTask(
      World world,
      Invariants invariants,
      String framework,
      String id,
      String executor,
      SimulatedAgent.Caller caller) {
    this.world = world;
    this.invariants = invariants;
    this.framework = framework;
    this.id = id;
    this.executor = executor;
    this.caller = caller;
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

  TaskReport report() {
    return TaskReport.newBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setState(state)
        .build();
  }

  /** Some tasks end by themselves, others wait to be killed. */
  void begin() {
    if (world.below(2) == 0) {
      later(World.SECOND, TaskState.TASK_STARTING);
    }
    later(2 * World.SECOND, TaskState.TASK_RUNNING);
    if (world.below(3) > 0) {
      later(20 * World.SECOND, world.oneIn(3) ? TaskState.TASK_FAILED : TaskState.TASK_FINISHED);
    }
  }

  private void later(long within, TaskState next) {
    world.after(world.between(World.MILLI, within), () -> update(next));
  }

  void update(TaskState next) {
    boolean over = Invariants.terminal(state);
    boolean back = state == TaskState.TASK_RUNNING && next == TaskState.TASK_STARTING;
    if (over || back) {
      return;
    }
    state = next;
    ByteString uuid = SimulatedAgent.uuid(world);
    invariants.made(uuid, updates++);
    unacknowledged.add(
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(id))
            .setState(next)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(uuid)
            .build());
    if (unacknowledged.size() == 1) {
      sendHead();
    }
  }

  /** Sends the head, and again with back-off while it stays the head. */
  void sendHead() {
    send(++sends, 10 * World.SECOND);
  }

  private void send(int turn, long pause) {
    if (turn != sends || unacknowledged.isEmpty()) {
      return;
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    call.getUpdateBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setStatus(unacknowledged.peek())
        .setLatestState(state);
    caller.call(call, () -> {});
    world.after(pause, () -> send(turn, Math.min(2 * pause, RETRY_MAX)));
  }

  /** Whether the task may be forgotten. */
  boolean acknowledged(ByteString uuid) {
    if (unacknowledged.isEmpty() || !unacknowledged.peek().getUuid().equals(uuid)) {
      return false;
    }
    unacknowledged.poll();
    sendHead();
    return unacknowledged.isEmpty() && Invariants.terminal(state);
  }
}
