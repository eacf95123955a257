package io.quorate.agent.state;

import io.quorate.agent.isolate.Limitation;
import io.quorate.protocol.v1.CheckStatusInfo;
import java.util.Optional;

/**
 * What only this process of the agent knows of a task.
 *
 * @param phase of its process; NONE for a task of a framework's own executor
 * @param delivered whether its executor was sent the launch, or may have been
 * @param pid of its supervisor, or of its container; 0 while it is not known
 * @param facts of its container
 * @param forceMillis when SIGKILL is sent (again), in milliseconds since the epoch; 0 for when the
 *     journal says
 * @param ranTooLong whether it is ended for its max_completion_time
 * @param unhealthy whether it is ended for its health
 * @param limitation what it used too much of
 * @param check the latest result of its check
 * @param retry of its first update that is not acknowledged
 */
public record TaskRun(
    RunPhase phase,
    boolean delivered,
    long pid,
    ContainerFacts facts,
    long forceMillis,
    boolean ranTooLong,
    boolean unhealthy,
    Optional<Limitation> limitation,
    Optional<CheckStatusInfo> check,
    Retry retry) {
  /** Nothing is known yet. */
  public static final TaskRun NONE =
      new TaskRun(
          RunPhase.NONE,
          false,
          0,
          ContainerFacts.NONE,
          0,
          false,
          false,
          Optional.empty(),
          Optional.empty(),
          Retry.NOW);

  public TaskRun phase(RunPhase now) {
    return new TaskRun(
        now, delivered, pid, facts, forceMillis, ranTooLong, unhealthy, limitation, check, retry);
  }

  /** It runs under a supervisor, or in a container that tells something of itself. */
  public TaskRun running(long supervisor, ContainerFacts told) {
    return new TaskRun(
        RunPhase.RUNNING,
        delivered,
        supervisor,
        told,
        forceMillis,
        ranTooLong,
        unhealthy,
        limitation,
        check,
        retry);
  }

  public TaskRun withDelivered() {
    return new TaskRun(
        phase, true, pid, facts, forceMillis, ranTooLong, unhealthy, limitation, check, retry);
  }

  public TaskRun force(long atMillis) {
    return new TaskRun(
        phase, delivered, pid, facts, atMillis, ranTooLong, unhealthy, limitation, check, retry);
  }

  public TaskRun withRanTooLong() {
    return new TaskRun(
        phase, delivered, pid, facts, forceMillis, true, unhealthy, limitation, check, retry);
  }

  public TaskRun withUnhealthy() {
    return new TaskRun(
        phase, delivered, pid, facts, forceMillis, ranTooLong, true, limitation, check, retry);
  }

  public TaskRun limited(Limitation by) {
    return new TaskRun(
        phase,
        delivered,
        pid,
        facts,
        forceMillis,
        ranTooLong,
        unhealthy,
        Optional.of(by),
        check,
        retry);
  }

  public TaskRun checked(CheckStatusInfo result) {
    return new TaskRun(
        phase,
        delivered,
        pid,
        facts,
        forceMillis,
        ranTooLong,
        unhealthy,
        limitation,
        Optional.of(result),
        retry);
  }

  public TaskRun retry(Retry next) {
    return new TaskRun(
        phase, delivered, pid, facts, forceMillis, ranTooLong, unhealthy, limitation, check, next);
  }
}
