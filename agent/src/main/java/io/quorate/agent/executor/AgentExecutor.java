package io.quorate.agent.executor;

import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.TaskProcess;
import io.quorate.agent.task.UpdateStream;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import java.util.Optional;

/** An executor on this agent, until the master knows of its end. Core thread only. */
public final class AgentExecutor {
  public final ExecutorId id;
  public final ExecutorInfo info;

  /** Of the command that launched it. */
  public final long number;

  public FrameworkInfo framework;

  /** It subscribed at least once. */
  public boolean subscribed;

  /** It was told to shut down, or will be. */
  public boolean shuttingDown;

  /** As wait(2) gives it, -1 if it is not known; null while it runs. */
  public Integer exit;

  /** Null for the default executor, which is no process. */
  TaskProcess process;

  boolean starting;

  /** The latest start; null before. */
  Launcher.Launch underway;

  /** Null while it is not connected. */
  ExecutorStream stream;

  /** It ran before this agent process, and has not subscribed to it. */
  boolean awaited;

  /** It was sent a task. */
  boolean busy;

  /** When it is killed unless something happens before; 0 for never. */
  long deadlineNanos;

  /** What its end means for its tasks, where the agent made the end; null for plain. */
  Cause cause;

  private long tellNanos = Long.MIN_VALUE;

  /** When its last task ended, for the default executor; 0 while one runs. */
  long idleNanos;

  public AgentExecutor(FrameworkInfo framework, ExecutorInfo info, long number) {
    this.id = new ExecutorId(framework.getId().getValue(), info.getExecutorId().getValue());
    this.framework = framework;
    this.info = info;
    this.number = number;
  }

  /** Whether it is the agent's own default executor. */
  public boolean isDefault() {
    return info.getType() == ExecutorInfo.Type.DEFAULT;
  }

  /** Its end is to be told anew, at once. */
  public void restart() {
    tellNanos = Long.MIN_VALUE;
  }

  /** Its end, if it is time to tell it (again); the next time is later then. */
  public Optional<AgentCall.ExecutorExited> due(long nowNanos) {
    if (exit == null || (tellNanos != Long.MIN_VALUE && nowNanos - tellNanos < 0)) {
      return Optional.empty();
    }
    tellNanos = nowNanos + UpdateStream.RETRY_FIRST.toNanos();
    return Optional.of(
        AgentCall.ExecutorExited.newBuilder()
            .setFrameworkId(FrameworkID.newBuilder().setValue(id.framework()))
            .setExecutorId(info.getExecutorId())
            .setStatus(exit)
            .build());
  }

  public boolean over() {
    return exit != null;
  }

  /** Whether tasks may still be given to it. */
  public boolean takesTasks() {
    return !over() && !shuttingDown;
  }
}
