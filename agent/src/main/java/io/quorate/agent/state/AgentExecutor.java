package io.quorate.agent.state;

import io.quorate.agent.store.record.ExecutorKept;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import java.util.function.Consumer;

/**
 * An executor on this agent, until the master knows of its end: what the journal keeps of it, and
 * what follows from that.
 */
public record AgentExecutor(ExecutorKept kept) {
  /** Returns the same executor after a change. */
  public AgentExecutor with(Consumer<ExecutorKept.Builder> change) {
    ExecutorKept.Builder builder = kept.toBuilder();
    change.accept(builder);
    return new AgentExecutor(builder.build());
  }

  public ExecutorId id() {
    return ExecutorId.of(framework().getId(), info().getExecutorId());
  }

  public ExecutorInfo info() {
    return kept.getExecutorInfo();
  }

  public FrameworkInfo framework() {
    return kept.getFrameworkInfo();
  }

  /** Returns the number of the command that launched it. */
  public long number() {
    return kept.getNumber();
  }

  /**
   * Returns the run in which it runs. The default executor's is the one that its tasks are part of.
   */
  public RunId run() {
    return new RunId(id(), "", number(), 0);
  }

  /** Whether it is Mesos's default executor, which is no process here but the agent itself. */
  public boolean isDefault() {
    return info().getType() == ExecutorInfo.Type.DEFAULT;
  }

  public boolean over() {
    return kept.hasStatus();
  }

  public boolean shuttingDown() {
    return kept.getShuttingDown();
  }

  /** Whether tasks may still be given to it. */
  public boolean takesTasks() {
    return !over() && !shuttingDown();
  }
}
