package io.quorate.agent.decide;

import com.google.protobuf.ByteString;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorRun;
import io.quorate.agent.state.Retry;
import io.quorate.agent.store.record.ExecutorTold;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.OperationDone;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.UUID;
import java.util.Optional;

/**
 * Decides what the master is told, again and again until it has taken note: updates of tasks one by
 * one, ends of executors and ends of operations (Mesos 3.8, CP-255 to CP-257, CP-214).
 */
final class MasterReports {
  private MasterReports() {}

  /** The master took note of the end of an executor: nothing of it is of interest any more. */
  static void executorEndTaken(AgentDraft draft, AgentExecutor executor) {
    draft.emit(
        JournalRecord.newBuilder()
            .setExecutorTold(
                ExecutorTold.newBuilder()
                    .setFrameworkId(executor.id().framework())
                    .setExecutorId(executor.id().executor())
                    .setNumber(executor.number())));
    draft.forget(executor.run());
  }

  /** An operation was carried out, which the master is to be told. */
  static void operationDone(AgentDraft draft, ByteString operation, OperationStatus status) {
    draft.emit(
        JournalRecord.newBuilder()
            .setOperation(
                OperationDone.newBuilder()
                    .setOperationUuid(operation)
                    .setStatus(
                        status.toBuilder().setUuid(UUID.newBuilder().setValue(draft.uuid())))));
  }

  /** Tells the master what it has to be told (again). */
  static void tellDue(AgentDraft draft) {
    long now = draft.now();
    for (OperationDone operation : draft.state().operations().values()) {
      ByteString uuid = operation.getOperationUuid();
      Retry retry = draft.state().session().operations().getOrDefault(uuid, Retry.NOW);
      if (retry.due(now)) {
        draft.retry(uuid, retry.next(now));
        AgentCall.Builder call = AgentCalls.of(draft.state(), AgentCall.Type.OPERATION_UPDATE);
        call.getOperationUpdateBuilder().setOperationUuid(uuid).setStatus(operation.getStatus());
        draft.act(new AgentAction.TellMaster(call.build()));
      }
    }
    for (AgentExecutor executor : draft.state().executors().values()) {
      ExecutorRun run = draft.state().run(executor.id());
      if (executor.over() && run.retry().due(now)) {
        draft.run(executor.id(), known -> known.retry(known.retry().next(now)));
        AgentCall.Builder call = AgentCalls.of(draft.state(), AgentCall.Type.EXECUTOR_EXITED);
        call.getExecutorExitedBuilder()
            .setFrameworkId(executor.id().frameworkId())
            .setExecutorId(executor.id().executorId())
            .setStatus(executor.kept().getStatus());
        draft.act(new AgentAction.TellEnd(call.build(), executor.run()));
      }
    }
    for (AgentTask task : draft.state().tasks().values()) {
      Optional<TaskStatus> head = task.head();
      Retry retry = draft.state().run(task.id()).retry();
      if (head.isPresent() && !task.kept().getDisowned() && retry.due(now)) {
        draft.run(task.id(), known -> known.retry(retry.next(now)));
        AgentCall.Builder call = AgentCalls.of(draft.state(), AgentCall.Type.UPDATE);
        call.getUpdateBuilder()
            .setFrameworkId(task.framework().getId())
            .setStatus(head.get())
            .setLatestState(task.kept().getLatest());
        draft.act(new AgentAction.TellMaster(call.build()));
      }
    }
  }
}
