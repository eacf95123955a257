package io.quorate.master.state.entity;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import java.util.Optional;

/**
 * An offer operation on its way to the agent, or whose end the framework has not acknowledged.
 *
 * @param framework whose it is; empty for an operator's
 * @param role what {@code held} is allocated to
 * @param held what it holds of its agent until the agent has carried it out; nothing for what the
 *     master converts at once
 * @param becomes what {@code held} becomes then
 * @param status the latest; PENDING before the agent's
 */
public record Operation(
    OperationKey key,
    Optional<FrameworkId> framework,
    AgentId agent,
    Offer.Operation info,
    String role,
    Resources held,
    Resources becomes,
    OperationStatus status) {

  /** Whether the framework named it, so that it hears of the outcome. */
  public boolean named() {
    return framework.isPresent() && info.hasId();
  }

  /** Whether the agent's answer waits for the framework's acknowledgement. */
  public boolean pendingAcknowledgement() {
    return status.hasUuid();
  }

  /** Whether it will change no more (Mesos 3.6). */
  public boolean terminal() {
    return terminal(status.getState());
  }

  /** Whether an operation in this state is over for good (Mesos 3.6). */
  public static boolean terminal(OperationState state) {
    return switch (state) {
      case OPERATION_FINISHED,
          OPERATION_FAILED,
          OPERATION_ERROR,
          OPERATION_DROPPED,
          OPERATION_GONE_BY_OPERATOR ->
          true;
      case OPERATION_PENDING,
          OPERATION_UNREACHABLE,
          OPERATION_RECOVERING,
          OPERATION_UNKNOWN,
          OPERATION_UNSUPPORTED ->
          false;
    };
  }

  /** With its next status; once it is over it holds nothing any more. */
  public Operation with(OperationStatus next) {
    boolean over = terminal(next.getState());
    return new Operation(
        key,
        framework,
        agent,
        info,
        role,
        over ? Resources.EMPTY : held,
        over ? Resources.EMPTY : becomes,
        next);
  }

  /** The uuid as it is on the wire. */
  public ByteString uuid() {
    return key.bytes();
  }
}
