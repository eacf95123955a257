package io.quorate.master.apply;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Event;
import io.quorate.master.event.OperationBegun;
import io.quorate.master.event.OperationForgotten;
import io.quorate.master.event.OperationStatusAcknowledged;
import io.quorate.master.event.OperationStatusUpdated;
import io.quorate.master.event.OperationUpdateDisowned;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import java.util.Optional;

/** Applies the life of offer operations. */
final class OperationEvents {
  private OperationEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case OPERATION_BEGUN -> apply(state, event.getOperationBegun());
      case OPERATION_STATUS_UPDATED -> apply(state, event.getOperationStatusUpdated());
      case OPERATION_STATUS_ACKNOWLEDGED -> apply(state, event.getOperationStatusAcknowledged());
      case OPERATION_FORGOTTEN -> apply(state, event.getOperationForgotten());
      case OPERATION_UPDATE_DISOWNED -> apply(state, event.getOperationUpdateDisowned());
      default -> throw new IllegalStateException("no event of operations: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, OperationBegun event) {
    AgentId agent = new AgentId(event.getAgentId());
    boolean framework =
        !event.hasFrameworkId() || state.frameworks().has(new FrameworkId(event.getFrameworkId()));
    if (!framework || !state.agents().has(agent) || !event.hasOperation()) {
      return state;
    }
    Resources consumed = Resources.countable(event.getConsumedList());
    Resources converted = Resources.countable(event.getConvertedList());
    OperationStatus.Builder pending =
        OperationStatus.newBuilder()
            .setState(OperationState.OPERATION_PENDING)
            .setAgentId(AgentID.newBuilder().setValue(agent.value()));
    if (event.getOperation().hasId()) {
      pending.setOperationId(event.getOperation().getId());
    }
    Operation operation =
        new Operation(
            state.cluster().mintOperation(),
            event.hasFrameworkId()
                ? Optional.of(new FrameworkId(event.getFrameworkId()))
                : Optional.empty(),
            agent,
            event.getOperation(),
            event.getRole(),
            event.getHeld() ? consumed : Resources.EMPTY,
            event.getHeld() ? converted : Resources.EMPTY,
            pending.build());
    Command.ApplyOperation.Builder command =
        Command.ApplyOperation.newBuilder()
            .setOperationUuid(operation.uuid())
            .setOperation(event.getOperation());
    if (event.hasFrameworkId()) {
      command.setFrameworkId(FrameworkID.newBuilder().setValue(event.getFrameworkId()));
    }
    MasterState next = event.getHeld() ? state : state.converted(agent, consumed, converted);
    return next.begun(operation).commanded(agent, Command.newBuilder().setApplyOperation(command));
  }

  /** What it held until now becomes what it was to become, if it went well. */
  static MasterState apply(MasterState state, OperationStatusUpdated event) {
    OperationKey key = new OperationKey(event.getUuid());
    Operation before = state.operations().find(key).orElse(null);
    if (before == null || !event.hasStatus()) {
      return state;
    }
    MasterState next = state.updated(key, event.getStatus());
    boolean done = event.getStatus().getState() == OperationState.OPERATION_FINISHED;
    return done && !before.held().isEmpty()
        ? next.converted(before.agent(), before.held(), before.becomes())
        : next;
  }

  static MasterState apply(MasterState state, OperationStatusAcknowledged event) {
    OperationKey key = new OperationKey(event.getUuid());
    Operation operation = state.operations().find(key).orElse(null);
    if (operation == null) {
      return state;
    }
    MasterState next =
        state.commanded(operation.agent(), acknowledge(operation.uuid(), event.getStatusUuid()));
    return operation.terminal() ? next.ended(key) : next;
  }

  static MasterState apply(MasterState state, OperationForgotten event) {
    return state.ended(new OperationKey(event.getUuid()));
  }

  static MasterState apply(MasterState state, OperationUpdateDisowned event) {
    return state.commanded(
        new AgentId(event.getAgentId()),
        acknowledge(event.getOperationUuid(), event.getStatusUuid()));
  }

  private static Command.Builder acknowledge(ByteString operation, ByteString status) {
    return Command.newBuilder()
        .setAcknowledgeOperation(
            Command.AcknowledgeOperation.newBuilder()
                .setOperationUuid(operation)
                .setStatusUuid(status));
  }
}
