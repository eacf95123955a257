package io.quorate.agent;

import io.quorate.agent.task.TaskId;
import io.quorate.agent.task.TaskProcess;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.TaskState;

/** A task on this agent, until its terminal update is acknowledged. Core thread only. */
final class AgentTask {
  final TaskId id;

  /** With the framework's description as it is now. */
  Command launch;

  final UpdateStream updates = new UpdateStream();

  /** Set once the agent's id is known. */
  TaskProcess process;

  boolean starting;
  boolean killed;

  /** When SIGKILL follows; 0 for never. */
  long forceNanos;

  /** Nobody waits for its updates: its framework is gone. */
  boolean disowned;

  boolean ranTooLong;

  /** Ended by a drain. */
  boolean drained;

  /** By a drain after which the agent is gone. */
  boolean drainedForGood;

  AgentTask(TaskId id, Command launch) {
    this.id = id;
    this.launch = launch;
  }

  /** How long it has been running, by the clock of this process. */
  long runningNanos() {
    return System.nanoTime() - sinceNanos;
  }

  private final long sinceNanos = System.nanoTime();

  boolean terminal() {
    return switch (updates.latest()) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_LOST,
          TASK_ERROR,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      default -> false;
    };
  }

  boolean was(TaskState state) {
    return updates.latest() == state;
  }
}
