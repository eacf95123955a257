package io.quorate.master.http.agent;

import com.google.protobuf.Message;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.agentlink.TaskReport;
import java.util.Optional;

/**
 * Checks that a call of an agent has the fields that its type cannot do without. No field of the
 * agent link is required by the protocol itself, so that a later release may leave one out; whoever
 * reads a message says what it needs.
 */
final class AgentCallValidation {
  private static final int UUID_BYTES = 16;

  private AgentCallValidation() {}

  /** What the call lacks, naming the field; empty if it can be decided upon. */
  static Optional<String> validate(AgentCall call) {
    return switch (call.getType()) {
      case SUBSCRIBE -> subscribe(call);
      case UPDATE -> update(call);
      case EXECUTOR_MESSAGE ->
          lacks(call, "executor_message")
              .or(() -> lacks(call.getExecutorMessage(), "framework_id", "executor_id", "data"));
      case EXECUTOR_EXITED ->
          lacks(call, "executor_exited")
              .or(() -> lacks(call.getExecutorExited(), "framework_id", "executor_id", "status"));
      case OPERATION_UPDATE ->
          lacks(call, "operation_update")
              .or(() -> lacks(call.getOperationUpdate(), "operation_uuid", "status"));
      case HELLO -> lacks(call, "hello").or(() -> lacks(call.getHello(), "nonce"));
      case PONG, UNREGISTER -> Optional.empty();
      case UNKNOWN -> Optional.of("Expecting 'type' to be present");
    };
  }

  private static Optional<String> subscribe(AgentCall call) {
    Optional<String> lack =
        lacks(call, "subscribe")
            .or(() -> lacks(call.getSubscribe(), "agent_info", "version", "registration_id"));
    for (TaskReport report : call.getSubscribe().getTasksList()) {
      lack = lack.or(() -> lacks(report, "framework_id", "task_id", "state"));
    }
    for (ExecutorReport report : call.getSubscribe().getExecutorsList()) {
      lack = lack.or(() -> lacks(report, "framework_id", "executor_id"));
    }
    return lack;
  }

  private static Optional<String> update(AgentCall call) {
    return lacks(call, "update")
        .or(() -> lacks(call.getUpdate(), "framework_id", "status", "latest_state"))
        .or(
            () ->
                call.getUpdate().getStatus().getUuid().size() == UUID_BYTES
                    ? Optional.empty()
                    : Optional.of("Expecting 'update' with a 'status.uuid' of 16 bytes"));
  }

  /** The first of these fields that the message does not have. */
  private static Optional<String> lacks(Message message, String... fields) {
    for (String field : fields) {
      if (!message.hasField(message.getDescriptorForType().findFieldByName(field))) {
        String name = message.getDescriptorForType().getName();
        String where = message instanceof AgentCall ? "" : " of " + name;
        return Optional.of("Expecting '" + field + "'" + where + " to be present");
      }
    }
    return Optional.empty();
  }
}
