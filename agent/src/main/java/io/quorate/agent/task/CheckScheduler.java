package io.quorate.agent.task;

import io.quorate.agent.check.Probes;
import io.quorate.agent.check.Target;
import io.quorate.agent.check.TaskChecks;
import io.quorate.protocol.v1.CheckStatusInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the tasks that have checks, and tells what it finds. Core thread only. */
final class CheckScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(CheckScheduler.class);

  private final Host host;
  private final Probes probes;
  private final Statuses statuses;
  private final Consumer<AgentTask> kill;
  private final Map<AgentTask, TaskChecks> checks = new HashMap<>();

  /**
   * Makes one.
   *
   * @param kill ends a task that is not healthy
   */
  CheckScheduler(Host host, Probes probes, Statuses statuses, Consumer<AgentTask> kill) {
    this.host = host;
    this.probes = probes;
    this.statuses = statuses;
    this.kill = kill;
  }

  /** The task runs: it is looked after. */
  void begin(AgentTask task, List<String> lower, Map<String, String> environment) {
    if (task.killed) {
      return;
    }
    Target target = new Target(task.process.sandbox(), lower, environment);
    checks.put(
        task,
        new TaskChecks(
            probes, task.info(), target, host.sources().nanos(), host::post, told(task)));
  }

  private TaskChecks.Told told(AgentTask task) {
    return new TaskChecks.Told() {
      @Override
      public void health(boolean healthy, boolean over, String why) {
        if (!watched(task)) {
          return;
        }
        TaskStatus.Builder status =
            statuses
                .of(task, TaskState.TASK_RUNNING)
                .setHealthy(healthy)
                .setReason(TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
        if (!healthy) {
          LOG.info("Task {} is not healthy: {}", task.id, why);
          status.setMessage(why);
        }
        host.update(task, status);
        if (over) {
          task.unhealthy = true;
          kill.accept(task);
        }
      }

      @Override
      public void checked(CheckStatusInfo status) {
        if (watched(task)) {
          task.checkStatus = status;
          host.update(
              task,
              statuses
                  .of(task, TaskState.TASK_RUNNING)
                  .setReason(TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED));
        }
      }
    };
  }

  private static boolean watched(AgentTask task) {
    return !task.terminal() && !task.killed;
  }

  void tick() {
    long now = host.sources().now();
    checks
        .entrySet()
        .removeIf(
            each -> {
              if (!watched(each.getKey())) {
                each.getValue().stop();
                return true;
              }
              each.getValue().tick(now);
              return false;
            });
  }
}
