package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.store.record.OperationDone;
import io.quorate.agent.task.UpdateStream;
import io.quorate.agent.task.Volumes;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.UUID;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The offer operations that were carried out and whose end the master has not taken note of. What
 * they mean for resources the master's state says already; here only the directories of persistent
 * volumes come and go (Mesos 3.6). Core thread only.
 */
final class Operations {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

  private final Map<ByteString, Told> told = new LinkedHashMap<>();

  /** A status, sent again with back-off as an update of a task is (CP-214). */
  private static final class Told {
    private final OperationStatus status;
    private long dueNanos = Long.MIN_VALUE;
    private long pauseNanos = UpdateStream.RETRY_FIRST.toNanos();

    Told(OperationStatus status) {
      this.status = status;
    }

    void restart() {
      dueNanos = Long.MIN_VALUE;
      pauseNanos = UpdateStream.RETRY_FIRST.toNanos();
    }

    boolean due(long now) {
      if (dueNanos != Long.MIN_VALUE && now - dueNanos < 0) {
        return false;
      }
      dueNanos = now + pauseNanos;
      pauseNanos = Math.min(2 * pauseNanos, UpdateStream.RETRY_MAX.toNanos());
      return true;
    }
  }

  /** Makes it so on disk; the record to keep before the end is told. */
  JournalRecord carryOut(Command.ApplyOperation command, Volumes volumes, ByteString uuid) {
    OperationStatus.Builder status =
        OperationStatus.newBuilder().setUuid(UUID.newBuilder().setValue(uuid));
    try {
      for (Resource volume : command.getOperation().getCreate().getVolumesList()) {
        volumes.create(volume);
      }
      for (Resource volume : command.getOperation().getDestroy().getVolumesList()) {
        volumes.destroy(volume);
      }
      status.setState(OperationState.OPERATION_FINISHED);
    } catch (IOException e) {
      LOG.error("Operation {} failed", command.getOperation().getType(), e);
      status.setState(OperationState.OPERATION_FAILED).setMessage(e.toString());
    }
    return JournalRecord.newBuilder()
        .setOperation(
            OperationDone.newBuilder()
                .setOperationUuid(command.getOperationUuid())
                .setStatus(status))
        .build();
  }

  /** Carried out, now or before the agent was restarted. */
  void take(OperationDone done) {
    told.put(done.getOperationUuid(), new Told(done.getStatus()));
  }

  boolean has(ByteString operation) {
    return told.containsKey(operation);
  }

  void acknowledged(ByteString operation) {
    told.remove(operation);
  }

  /** A new link: everything is told at once. */
  void restart() {
    told.values().forEach(Told::restart);
  }

  /** What is to be told now. */
  List<AgentCall.OperationUpdate> due(long nowNanos) {
    List<AgentCall.OperationUpdate> due = new ArrayList<>();
    told.forEach(
        (operation, each) -> {
          if (each.due(nowNanos)) {
            due.add(
                AgentCall.OperationUpdate.newBuilder()
                    .setOperationUuid(operation)
                    .setStatus(each.status)
                    .build());
          }
        });
    return due;
  }

  /** For the journal written anew. */
  List<JournalRecord> records() {
    List<JournalRecord> records = new ArrayList<>();
    told.forEach(
        (operation, each) ->
            records.add(
                JournalRecord.newBuilder()
                    .setOperation(
                        OperationDone.newBuilder()
                            .setOperationUuid(operation)
                            .setStatus(each.status))
                    .build()));
    return records;
  }
}
