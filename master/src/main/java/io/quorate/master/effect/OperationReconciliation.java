package io.quorate.master.effect;

import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.scheduler.Call.ReconcileOperations;
import java.util.ArrayList;
import java.util.List;

/** Answers to RECONCILE_OPERATIONS (Mesos 3.7), from the state at the call's index. */
final class OperationReconciliation {
  private OperationReconciliation() {}

  static List<OperationStatus> answers(MasterState state, OperationsReconciled asked) {
    List<OperationStatus> answers = new ArrayList<>();
    FrameworkId framework = new FrameworkId(asked.getFrameworkId());
    if (asked.getOperationsCount() == 0) {
      for (OperationKey key : state.operationsOf(framework)) {
        Operation operation = state.operations().get(key);
        if (operation.named()) {
          answers.add(latest(operation));
        }
      }
      return answers;
    }
    for (ReconcileOperations.Operation operation : asked.getOperationsList()) {
      answers.add(answer(state, framework, operation));
    }
    return answers;
  }

  /** Not to be acknowledged. */
  private static OperationStatus latest(Operation operation) {
    return operation.status().toBuilder().clearUuid().build();
  }

  private static OperationStatus answer(
      MasterState state, FrameworkId framework, ReconcileOperations.Operation asked) {
    for (OperationKey key : state.operationsOf(framework)) {
      Operation operation = state.operations().get(key);
      if (operation.named() && operation.info().getId().equals(asked.getOperationId())) {
        return latest(operation);
      }
    }
    OperationStatus.Builder answer =
        OperationStatus.newBuilder().setOperationId(asked.getOperationId());
    if (asked.hasAgentId()) {
      answer.setAgentId(asked.getAgentId());
    }
    if (asked.hasResourceProviderId()) {
      answer.setResourceProviderId(asked.getResourceProviderId());
    }
    AgentId agent = new AgentId(asked.getAgentId().getValue());
    if (!asked.hasAgentId()) {
      return answer
          .setState(OperationState.OPERATION_UNKNOWN)
          .setMessage("Reconciliation: Operation is unknown and no 'agent_id' was provided")
          .build();
    }
    if (state.goneAgents().has(agent)) {
      return answer
          .setState(OperationState.OPERATION_GONE_BY_OPERATOR)
          .setMessage("Reconciliation: Agent marked gone by operator")
          .build();
    }
    boolean lost = state.agents().find(agent).filter(known -> known.unreachable()).isPresent();
    return answer
        .setState(lost ? OperationState.OPERATION_UNREACHABLE : OperationState.OPERATION_UNKNOWN)
        .setMessage("Reconciliation: " + (lost ? "Agent is unreachable" : "Operation is unknown"))
        .build();
  }
}
