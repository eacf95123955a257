package io.quorate.agent.http;

import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import java.util.Optional;

/** The rules for a call of an executor that need no state (Mesos 4.6; CP-311). */
final class ExecutorCalls {
  private static final int UUID_BYTES = 16;

  private ExecutorCalls() {}

  /**
   * Says what is wrong with a call.
   *
   * @return a sentence that names the field; empty if nothing is wrong
   */
  static Optional<String> validate(Call call) {
    if (!call.hasType()) {
      return Optional.of("Expecting 'type' to be present");
    }
    return switch (call.getType()) {
      case SUBSCRIBE ->
          call.hasSubscribe() ? validateUpdates(call) : Optional.of(missing("subscribe"));
      case UPDATE ->
          call.hasUpdate()
              ? validateStatus(call, call.getUpdate().getStatus())
              : Optional.of(missing("update"));
      case MESSAGE -> call.hasMessage() ? Optional.empty() : Optional.of(missing("message"));
      case HEARTBEAT, UNKNOWN -> Optional.empty();
    };
  }

  private static String missing(String field) {
    return "Expecting '" + field + "' to be present";
  }

  private static Optional<String> validateUpdates(Call call) {
    return call.getSubscribe().getUnacknowledgedUpdatesList().stream()
        .map(update -> validateStatus(call, update.getStatus()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> validateStatus(Call call, TaskStatus status) {
    String executor = call.getExecutorId().getValue();
    if (!status.hasUuid()) {
      return Optional.of("Expecting 'status.uuid' to be present");
    }
    if (status.getUuid().size() != UUID_BYTES) {
      return Optional.of(
          "'status.uuid' must be of " + UUID_BYTES + " bytes, not " + status.getUuid().size());
    }
    if (status.hasExecutorId() && !status.getExecutorId().getValue().equals(executor)) {
      return Optional.of(
          "'status.executor_id' is '"
              + status.getExecutorId().getValue()
              + "', but the call is of '"
              + executor
              + "'");
    }
    if (status.getSource() != TaskStatus.Source.SOURCE_EXECUTOR) {
      return Optional.of("'status.source' must be SOURCE_EXECUTOR");
    }
    if (status.getState() == TaskState.TASK_STAGING) {
      return Optional.of("'status.state' must not be TASK_STAGING");
    }
    return Optional.empty();
  }
}
