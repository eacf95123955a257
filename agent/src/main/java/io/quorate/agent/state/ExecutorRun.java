package io.quorate.agent.state;

import java.util.Optional;

/**
 * What only this process of the agent knows of an executor.
 *
 * @param phase of its process; NONE for the default executor
 * @param stream the number of its open stream of events; 0 while it is not connected
 * @param awaited whether it ran before this process of the agent and has not subscribed to it
 * @param busy whether it was sent a task
 * @param deadlineMillis when it is killed unless something happens before, in milliseconds since
 *     the epoch; 0 for never
 * @param idleMillis since when the default executor has nothing to run; 0 while it has
 * @param cause what its end means for its tasks, where the agent makes the end
 * @param retry of telling its end
 */
public record ExecutorRun(
    RunPhase phase,
    long stream,
    boolean awaited,
    boolean busy,
    long deadlineMillis,
    long idleMillis,
    Optional<ExecutorEndCause> cause,
    Retry retry) {
  /** Nothing is known yet. */
  public static final ExecutorRun NONE =
      new ExecutorRun(RunPhase.NONE, 0, false, false, 0, 0, Optional.empty(), Retry.STEADY);

  public ExecutorRun phase(RunPhase now) {
    return new ExecutorRun(now, stream, awaited, busy, deadlineMillis, idleMillis, cause, retry);
  }

  public ExecutorRun stream(long number) {
    return new ExecutorRun(phase, number, awaited, busy, deadlineMillis, idleMillis, cause, retry);
  }

  public ExecutorRun awaited(boolean now) {
    return new ExecutorRun(phase, stream, now, busy, deadlineMillis, idleMillis, cause, retry);
  }

  public ExecutorRun withBusy() {
    return new ExecutorRun(phase, stream, awaited, true, deadlineMillis, idleMillis, cause, retry);
  }

  public ExecutorRun deadline(long millis) {
    return new ExecutorRun(phase, stream, awaited, busy, millis, idleMillis, cause, retry);
  }

  public ExecutorRun idle(long sinceMillis) {
    return new ExecutorRun(phase, stream, awaited, busy, deadlineMillis, sinceMillis, cause, retry);
  }

  /** The first cause stays. */
  public ExecutorRun because(ExecutorEndCause why) {
    return new ExecutorRun(
        phase,
        stream,
        awaited,
        busy,
        deadlineMillis,
        idleMillis,
        cause.isPresent() ? cause : Optional.of(why),
        retry);
  }

  public ExecutorRun retry(Retry next) {
    return new ExecutorRun(phase, stream, awaited, busy, deadlineMillis, idleMillis, cause, next);
  }
}
