package io.quorate.agent.executor;

import io.quorate.agent.store.record.ExecutorEnded;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.Drained;
import io.quorate.agent.task.Host;
import io.quorate.agent.task.Statuses;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the end of an executor means for its tasks and for the journal. Core thread only. */
final class ExecutorEnds {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorEnds.class);

  private final Host host;
  private final Statuses statuses;

  ExecutorEnds(Host host, Statuses statuses) {
    this.host = host;
    this.statuses = statuses;
  }

  /** It is over: so are its tasks, and the master is to know (CP-171, CP-263). */
  void end(AgentExecutor executor, int status, List<AgentTask> tasks) {
    LOG.info("Executor {} ended with wait status {}", executor.id, status);
    executor.exit = status;
    if (executor.stream != null) {
      executor.stream.end();
      executor.stream = null;
    }
    for (AgentTask task : tasks) {
      if (task.killed && !task.delivered) {
        host.update(task, Drained.status(task, killedBefore(task)));
      } else {
        host.update(task, ended(task, executor.cause == null ? Cause.plain() : executor.cause));
      }
    }
    host.record(
        JournalRecord.newBuilder()
            .setExecutorEnded(
                ExecutorEnded.newBuilder()
                    .setFrameworkId(executor.id.framework())
                    .setExecutorId(executor.id.executor())
                    .setStatus(status))
            .build(),
        () -> {});
  }

  /** Of one that ends with its executor. */
  TaskStatus.Builder ended(AgentTask task, Cause cause) {
    TaskState state = cause.state();
    TaskStatus.Builder status =
        statuses.own(
            task,
            state == TaskState.TASK_GONE ? task.orLost(state) : state,
            cause.reason(),
            cause.message());
    return cause.limitation().getResourcesCount() == 0
        ? status
        : status.setLimitation(cause.limitation());
  }

  /** Of one that its executor was not sent. */
  TaskStatus.Builder killedBefore(AgentTask task) {
    return statuses.own(
        task,
        TaskState.TASK_KILLED,
        TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH,
        "Killed before delivery to the executor");
  }
}
