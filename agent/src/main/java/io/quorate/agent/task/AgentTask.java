package io.quorate.agent.task;

import io.quorate.agent.isolate.Limitation;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.CheckStatusInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;

/** A task on this agent, until its terminal update is acknowledged. Core thread only. */
public final class AgentTask {
  public final TaskId id;

  /** With the framework's description as it is now. */
  public Command launch;

  public final UpdateStream updates = new UpdateStream();

  /** Launched with others, all or none. */
  public boolean grouped;

  /** Its executor was sent the launch, or may have been. */
  public boolean delivered;

  public boolean killed;

  /** Of the latest kill; null where it had none. */
  public KillPolicy killPolicy;

  /** Nobody waits for its updates: its framework is gone. */
  public boolean disowned;

  /** Ended by a drain. */
  public boolean drained;

  /** By a drain after which the agent is gone. */
  public boolean drainedForGood;

  /** The run of the executor that it is part of; empty for a command task. */
  public String parent = "";

  /** Set once the agent's id is known; null for a task of a custom executor. */
  TaskProcess process;

  boolean starting;

  /** The latest start; null before. */
  Launcher.Launch underway;

  /** When SIGKILL follows; 0 for never. */
  long forceNanos;

  boolean ranTooLong;

  /** Ended for its health. */
  boolean unhealthy;

  /** The latest result of its check; null before. */
  CheckStatusInfo checkStatus;

  /** What it used too much of; null for nothing. */
  Limitation limitation;

  /** When this process of the agent took it up. */
  long sinceNanos;

  public AgentTask(TaskId id, Command launch) {
    this.id = id;
    this.launch = launch;
  }

  public TaskInfo info() {
    return launch.getLaunch().getTaskInfo();
  }

  public FrameworkInfo framework() {
    return launch.getLaunch().getFrameworkInfo();
  }

  /** A command task's executor has the task's name. */
  public ExecutorId executor() {
    return new ExecutorId(
        id.framework(),
        info().hasExecutor() ? info().getExecutor().getExecutorId().getValue() : id.task());
  }

  /** Whether the framework's own executor runs it. */
  public boolean custom() {
    return info().hasExecutor() && !inGroup();
  }

  /** Whether the agent runs it as the default executor does. */
  boolean inGroup() {
    return info().getExecutor().getType() == ExecutorInfo.Type.DEFAULT;
  }

  public boolean tells(FrameworkInfo.Capability.Type capability) {
    return framework().getCapabilitiesList().stream()
        .anyMatch(each -> each.getType() == capability);
  }

  /** A state for those who know it; TASK_LOST for the others. */
  public TaskState orLost(TaskState state) {
    return tells(FrameworkInfo.Capability.Type.PARTITION_AWARE) ? state : TaskState.TASK_LOST;
  }

  public boolean terminal() {
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

  public boolean was(TaskState state) {
    return updates.latest() == state;
  }
}
