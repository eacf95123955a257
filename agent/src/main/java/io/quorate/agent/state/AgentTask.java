package io.quorate.agent.state;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A task on this agent, until its terminal update is acknowledged: what the journal keeps of it,
 * and what follows from that.
 */
public record AgentTask(TaskKept kept) {
  /** From SIGTERM to SIGKILL, unless call or task say otherwise (Mesos 4.10). */
  public static final long GRACE_MILLIS = 3_000;

  /** The id of the task that a launch is for. */
  public static TaskId id(Command.Launch launch) {
    return TaskId.of(launch.getFrameworkInfo().getId(), launch.getTaskInfo().getTaskId());
  }

  /** Returns the same task after a change. */
  public AgentTask with(Consumer<TaskKept.Builder> change) {
    TaskKept.Builder builder = kept.toBuilder();
    change.accept(builder);
    return new AgentTask(builder.build());
  }

  public TaskId id() {
    return id(kept.getLaunch().getLaunch());
  }

  public TaskInfo info() {
    return kept.getLaunch().getLaunch().getTaskInfo();
  }

  public FrameworkInfo framework() {
    return kept.getLaunch().getLaunch().getFrameworkInfo();
  }

  /** Returns the number of the command that launched it. */
  public long number() {
    return kept.getLaunch().getNumber();
  }

  /** The executor that it belongs to; a command task's has the task's name. */
  public ExecutorId executor() {
    return new ExecutorId(
        framework().getId().getValue(),
        info().hasExecutor()
            ? info().getExecutor().getExecutorId().getValue()
            : info().getTaskId().getValue());
  }

  /**
   * Returns the run in which it runs. It has none of its own where the framework's executor runs
   * it.
   */
  public RunId run() {
    return new RunId(
        executor(),
        info().getTaskId().getValue(),
        number(),
        inGroup() ? kept.getExecutorNumber() : 0);
  }

  /** Whether the framework's own executor runs it. */
  public boolean custom() {
    return info().hasExecutor() && !inGroup();
  }

  /** Whether the agent runs it as Mesos's default executor does. */
  public boolean inGroup() {
    return info().getExecutor().getType() == ExecutorInfo.Type.DEFAULT;
  }

  /** Whether its framework has a capability. */
  public boolean tells(FrameworkInfo.Capability.Type capability) {
    return framework().getCapabilitiesList().stream()
        .anyMatch(declared -> declared.getType() == capability);
  }

  /** A state for frameworks that know it; TASK_LOST for the others. */
  public TaskState orLost(TaskState state) {
    return tells(FrameworkInfo.Capability.Type.PARTITION_AWARE) ? state : TaskState.TASK_LOST;
  }

  /** Whether it is over. */
  public boolean terminal() {
    return switch (kept.getLatest()) {
      case TASK_FINISHED,
          TASK_FAILED,
          TASK_KILLED,
          TASK_LOST,
          TASK_ERROR,
          TASK_DROPPED,
          TASK_GONE,
          TASK_GONE_BY_OPERATOR ->
          true;
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
    };
  }

  public boolean was(TaskState state) {
    return kept.getLatest() == state;
  }

  public boolean killed() {
    return kept.getKilled();
  }

  /** The update that waits for its acknowledgement (CP-176). */
  public Optional<TaskStatus> head() {
    return kept.getUpdatesCount() == 0 ? Optional.empty() : Optional.of(kept.getUpdates(0));
  }

  /** Whether this update was made before (CP-262). */
  public boolean saw(ByteString uuid) {
    return kept.getSeenList().contains(uuid);
  }

  /** How long it may run, counted from its start; nothing for as long as it likes (CP-347). */
  public Optional<Duration> timeMax() {
    return info().hasMaxCompletionTime()
        ? Optional.of(Duration.ofNanos(Math.max(0, info().getMaxCompletionTime().getNanoseconds())))
        : Optional.empty();
  }

  /** Whether it runs in a container of Docker. */
  public boolean docker() {
    return info().hasContainer() && info().getContainer().getType() == ContainerInfo.Type.DOCKER;
  }

  /** Whether the latest kill, or the task itself, says how long it may take to end. */
  public boolean hasOwnGrace() {
    return kept.getKillPolicy().hasGracePeriod() || info().getKillPolicy().hasGracePeriod();
  }

  /**
   * Returns how long it has between SIGTERM and SIGKILL: as the call's policy says, else the
   * task's, else 3 s (Mesos 4.10, CP-348).
   */
  public long graceMillis() {
    KillPolicy policy = kept.hasKillPolicy() ? kept.getKillPolicy() : info().getKillPolicy();
    return policy.hasGracePeriod()
        ? TimeUnit.NANOSECONDS.toMillis(policy.getGracePeriod().getNanoseconds())
        : GRACE_MILLIS;
  }
}
