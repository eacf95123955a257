package io.quorate.master.state.entity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A launched task.
 *
 * @param info a serialized TaskInfo, decoded on demand
 * @param role what its resources are allocated to
 * @param resources without allocation
 * @param state the latest state known, which may run ahead of what was forwarded
 * @param statuses what was forwarded, one per consecutive state, without data
 * @param pending the forwarded update that is not acknowledged; the default instance for none
 * @param unreachable whether its agent was given up
 * @param executorId of the executor that its framework described; empty for a command
 */
public record Task(
    TaskKey key,
    AgentId agent,
    ByteString info,
    String role,
    Resources resources,
    TaskState state,
    List<TaskStatus> statuses,
    TaskStatus pending,
    boolean unreachable,
    String executorId) {

  /** At launch (CP-253). */
  public static Task launched(FrameworkId framework, TaskInfo info) {
    return new Task(
        new TaskKey(framework, info.getTaskId().getValue()),
        new AgentId(info.getAgentId().getValue()),
        info.toByteString(),
        info.getResourcesCount() == 0 ? "" : info.getResources(0).getAllocationInfo().getRole(),
        Resources.countable(info.getResourcesList()).unallocated(),
        TaskState.TASK_STAGING,
        List.of(),
        TaskStatus.getDefaultInstance(),
        false,
        info.getExecutor().getExecutorId().getValue());
  }

  /** The description that it was launched with. */
  public TaskInfo taskInfo() {
    return parse(info);
  }

  /**
   * Decodes the description of a task.
   *
   * @throws IllegalStateException if the bytes are none, which a stored row that is damaged may be
   */
  public static TaskInfo parse(ByteString bytes) {
    try {
      return TaskInfo.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a task's bytes are no TaskInfo", e);
    }
  }

  /** The executor that it runs under, where its framework described one. */
  public Optional<ExecutorKey> executor() {
    return executorId.isEmpty()
        ? Optional.empty()
        : Optional.of(new ExecutorKey(key.framework(), agent, executorId));
  }

  /** Whether it will change no more. */
  public boolean terminal() {
    return TaskStates.terminal(state);
  }

  /** Whether it holds resources of its agent. */
  public boolean holding() {
    return !terminal() && !unreachable;
  }

  /** The state that the framework was told last; STAGING before the first update (CP-243). */
  public TaskState forwardedState() {
    return statuses.isEmpty()
        ? TaskState.TASK_STAGING
        : statuses.get(statuses.size() - 1).getState();
  }

  /** The status that was forwarded last; the default instance before the first. */
  public TaskStatus lastStatus() {
    return statuses.isEmpty() ? TaskStatus.getDefaultInstance() : statuses.get(statuses.size() - 1);
  }

  /** An update of it was forwarded, and this is its latest state. */
  public Task updated(TaskStatus status, TaskState latest) {
    List<TaskStatus> all = new ArrayList<>(statuses);
    if (!all.isEmpty() && all.get(all.size() - 1).getState() == status.getState()) {
      all.remove(all.size() - 1);
    }
    all.add(status.toBuilder().clearData().build());
    // A terminal state is final: a later update is forwarded, but changes nothing here (CP-258).
    TaskState next = terminal() ? state : latest;
    TaskStatus unacknowledged = status.hasUuid() ? status : pending;
    return with(next, all, unacknowledged, unreachable);
  }

  /** The update that was forwarded last is acknowledged. */
  public Task acknowledged() {
    return with(state, statuses, TaskStatus.getDefaultInstance(), unreachable);
  }

  /** Its agent was given up. */
  public Task lost() {
    return with(state, statuses, pending, true);
  }

  /** Its agent came back, and reports this state. */
  public Task recovered(TaskState reported) {
    return with(terminal() ? state : reported, statuses, pending, false);
  }

  private Task with(
      TaskState next, List<TaskStatus> all, TaskStatus unacknowledged, boolean isUnreachable) {
    return new Task(
        key,
        agent,
        info,
        role,
        resources,
        next,
        List.copyOf(all),
        unacknowledged,
        isUnreachable,
        executorId);
  }
}
