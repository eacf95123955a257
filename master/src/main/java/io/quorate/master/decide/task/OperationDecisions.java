package io.quorate.master.decide.task;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.OperationEventFactory;
import io.quorate.master.event.Event;
import io.quorate.master.event.OperationStatusAcknowledged;
import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.scheduler.Call;

/** Decides what agents and frameworks say of operations underway (Mesos 3.6, 3.7). */
public final class OperationDecisions {
  private OperationDecisions() {}

  /** The agent did its part. What nobody named is over with that. */
  public static void update(Draft draft, Agent agent, AgentCall.OperationUpdate update) {
    OperationKey key = OperationKey.of(update.getOperationUuid());
    Operation operation = draft.state().operations().find(key).orElse(null);
    OperationStatus status = update.getStatus();
    if (operation == null || !operation.agent().equals(agent.id())) {
      draft.emit(
          OperationEventFactory.disowned(
              agent.id(), update.getOperationUuid(), status.getUuid().getValue()));
      return;
    }
    OperationStatus.Builder told =
        status.toBuilder().setAgentId(AgentID.newBuilder().setValue(agent.id().value()));
    if (operation.named()) {
      told.setOperationId(operation.info().getId());
    } else {
      told.clearUuid();
    }
    if (operation.named() && operation.status().getUuid().equals(status.getUuid())) {
      draft.emit(OperationEventFactory.repeated(operation.framework().orElseThrow(), told.build()));
      return;
    }
    draft.emit(OperationEventFactory.updated(operation, told.build()));
    boolean over = draft.state().operations().find(key).filter(Operation::terminal).isPresent();
    if (!operation.named() && over) {
      draft.emit(OperationEventFactory.forgotten(operation));
      draft.emit(
          OperationEventFactory.disowned(
              agent.id(), update.getOperationUuid(), status.getUuid().getValue()));
    }
  }

  /** An update that is not the latest, or that needs no acknowledgement, is nobody's. */
  public static Decision acknowledge(
      Draft draft, Framework framework, Call.AcknowledgeOperationStatus call) {
    MasterState state = draft.state();
    for (OperationKey key : state.operationsOf(framework.id())) {
      Operation operation = state.operations().get(key);
      boolean meant =
          operation.info().getId().equals(call.getOperationId())
              && operation.agent().value().equals(call.getAgentId().getValue())
              && operation.pendingAcknowledgement()
              && operation.status().getUuid().getValue().equals(call.getUuid());
      if (meant) {
        draft.emit(
            Event.newBuilder()
                .setOperationStatusAcknowledged(
                    OperationStatusAcknowledged.newBuilder()
                        .setUuid(key.uuid())
                        .setStatusUuid(call.getUuid())));
      }
    }
    return draft.accepted();
  }

  public static Decision reconcile(
      Draft draft, Framework framework, Call.ReconcileOperations call) {
    draft.emit(
        Event.newBuilder()
            .setOperationsReconciled(
                OperationsReconciled.newBuilder()
                    .setFrameworkId(framework.id().value())
                    .addAllOperations(call.getOperationsList())));
    return draft.accepted();
  }
}
