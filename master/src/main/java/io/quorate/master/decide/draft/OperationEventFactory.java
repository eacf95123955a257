package io.quorate.master.decide.draft;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Event;
import io.quorate.master.event.OperationForgotten;
import io.quorate.master.event.OperationRefused;
import io.quorate.master.event.OperationStatusRepeated;
import io.quorate.master.event.OperationStatusUpdated;
import io.quorate.master.event.OperationUpdateDisowned;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;

/** The events of operations that several decisions emit. */
public final class OperationEventFactory {
  private OperationEventFactory() {}

  public static Event.Builder updated(Operation operation, OperationStatus status) {
    OperationStatusUpdated.Builder event =
        OperationStatusUpdated.newBuilder().setUuid(operation.key().uuid()).setStatus(status);
    if (operation.named()) {
      event.setFrameworkId(operation.framework().orElseThrow().value());
    }
    return Event.newBuilder().setOperationStatusUpdated(event);
  }

  public static Event.Builder repeated(FrameworkId framework, OperationStatus status) {
    return Event.newBuilder()
        .setOperationStatusRepeated(
            OperationStatusRepeated.newBuilder()
                .setFrameworkId(framework.value())
                .setStatus(status));
  }

  public static Event.Builder forgotten(Operation operation) {
    return Event.newBuilder()
        .setOperationForgotten(OperationForgotten.newBuilder().setUuid(operation.key().uuid()));
  }

  public static Event.Builder disowned(AgentId agent, ByteString operation, ByteString status) {
    return Event.newBuilder()
        .setOperationUpdateDisowned(
            OperationUpdateDisowned.newBuilder()
                .setAgentId(agent.value())
                .setOperationUuid(operation)
                .setStatusUuid(status));
  }

  /** Made by the master, so without uuid; without agent id, as Mesos does (CP-215). */
  public static Event.Builder refused(
      FrameworkId framework, Offer.Operation operation, String why) {
    return Event.newBuilder()
        .setOperationRefused(
            OperationRefused.newBuilder()
                .setFrameworkId(framework.value())
                .setStatus(
                    OperationStatus.newBuilder()
                        .setOperationId(operation.getId())
                        .setState(OperationState.OPERATION_ERROR)
                        .setMessage(why)));
  }
}
