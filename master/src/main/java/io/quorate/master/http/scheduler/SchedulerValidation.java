package io.quorate.master.http.scheduler;

import com.google.protobuf.Message;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.Optional;

/** What is wrong with a scheduler call whatever the state (Mesos 1.3, step 9). */
public final class SchedulerValidation {
  private static final int UUID_BYTES = 16;

  private SchedulerValidation() {}

  /**
   * What is wrong.
   *
   * @param principal who logged in; empty if nobody had to
   */
  public static Optional<String> validate(Call call, String principal) {
    if (!call.hasType() || call.getType() == Call.Type.UNKNOWN) {
      return Optional.of("Expecting 'type' to be present");
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      return subscribe(call).or(() -> validatePrincipal(call, principal));
    }
    if (!call.hasFrameworkId()) {
      return Optional.of("Expecting 'framework_id' to be present");
    }
    return switch (call.getType()) {
      case TEARDOWN, SUBSCRIBE, UNKNOWN -> Optional.empty();
      case ACCEPT -> present(call, "accept");
      case DECLINE -> present(call, "decline");
      case ACCEPT_INVERSE_OFFERS -> present(call, "accept_inverse_offers");
      case DECLINE_INVERSE_OFFERS -> present(call, "decline_inverse_offers");
      case KILL -> present(call, "kill");
      case SHUTDOWN -> present(call, "shutdown");
      case ACKNOWLEDGE ->
          present(call, "acknowledge")
              .or(
                  () ->
                      call.getAcknowledge().getUuid().size() == UUID_BYTES
                          ? Optional.empty()
                          : Optional.of("Not a valid UUID"));
      case ACKNOWLEDGE_OPERATION_STATUS ->
          present(call, "acknowledge_operation_status").or(() -> operationStatus(call));
      case RECONCILE -> present(call, "reconcile");
      case RECONCILE_OPERATIONS -> present(call, "reconcile_operations");
      case MESSAGE -> present(call, "message");
      case REQUEST -> present(call, "request");
      case UPDATE_FRAMEWORK ->
          present(call, "update_framework")
              .or(
                  () ->
                      call.getUpdateFramework()
                              .getFrameworkInfo()
                              .getId()
                              .equals(call.getFrameworkId())
                          ? Optional.empty()
                          : Optional.of(
                              "'framework_id' differs from 'update_framework.framework_info.id'"));
      // Both may do without: all roles are meant then.
      case REVIVE, SUPPRESS -> Optional.empty();
    };
  }

  private static Optional<String> subscribe(Call call) {
    if (!call.hasSubscribe()) {
      return Optional.of("Expecting 'subscribe' to be present");
    }
    String inInfo = call.getSubscribe().getFrameworkInfo().getId().getValue();
    return inInfo.equals(call.getFrameworkId().getValue())
        ? Optional.empty()
        : Optional.of("'framework_id' differs from 'subscribe.framework_info.id'");
  }

  /** CP-037. */
  private static Optional<String> validatePrincipal(Call call, String principal) {
    FrameworkInfo info = call.getSubscribe().getFrameworkInfo();
    return principal.isEmpty() || !info.hasPrincipal() || info.getPrincipal().equals(principal)
        ? Optional.empty()
        : Optional.of(
            "Authenticated principal '"
                + principal
                + "' does not match principal '"
                + info.getPrincipal()
                + "' set in `FrameworkInfo`");
  }

  private static Optional<String> operationStatus(Call call) {
    Call.AcknowledgeOperationStatus said = call.getAcknowledgeOperationStatus();
    if (said.getUuid().size() != UUID_BYTES) {
      return Optional.of("Not a valid UUID");
    }
    return said.hasAgentId()
        ? Optional.empty()
        : Optional.of("Expecting 'acknowledge_operation_status.agent_id' to be present");
  }

  private static Optional<String> present(Message call, String field) {
    return call.hasField(call.getDescriptorForType().findFieldByName(field))
        ? Optional.empty()
        : Optional.of("Expecting '" + field + "' to be present");
  }
}
