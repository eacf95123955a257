package io.quorate.agent.http;

import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskState;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The metrics of an agent that follow from its state, under Mesos's names. Of tasks that are over
 * the agent keeps those whose end the master has not acknowledged, so there are no counters of
 * ends: the masters have these.
 */
final class AgentMetrics {
  private static final double MILLIS = 1000.0;
  private static final List<String> AMOUNTS = List.of("cpus", "mem", "disk", "gpus");
  private static final Map<String, TaskState> GAUGES =
      Map.of(
          "slave/tasks_staging", TaskState.TASK_STAGING,
          "slave/tasks_starting", TaskState.TASK_STARTING,
          "slave/tasks_running", TaskState.TASK_RUNNING,
          "slave/tasks_killing", TaskState.TASK_KILLING);

  private AgentMetrics() {}

  static SortedMap<String, Double> of(AgentState state, Resources configured, boolean linked) {
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("slave/registered", linked ? 1.0 : 0.0);
    GAUGES.forEach((name, wanted) -> metrics.put(name, (double) count(state, wanted)));
    List<AgentTask> alive =
        state.tasks().values().stream().filter(task -> !task.terminal()).toList();
    List<AgentExecutor> executors =
        state.executors().values().stream().filter(executor -> !executor.over()).toList();
    long commands = alive.stream().filter(task -> !task.info().hasExecutor()).count();
    metrics.put(
        "slave/executors_terminating",
        (double) executors.stream().filter(AgentExecutor::shuttingDown).count());
    metrics.put(
        "slave/executors_running",
        (double)
            (commands + executors.stream().filter(executor -> !executor.shuttingDown()).count()));
    metrics.put(
        "slave/frameworks_active",
        (double)
            alive.stream()
                .map(task -> task.framework().getId().getValue())
                .collect(Collectors.toSet())
                .size());
    Resources used =
        Resources.of(
                alive.stream().flatMap(task -> task.info().getResourcesList().stream()).toList())
            .plus(
                Resources.of(
                    executors.stream()
                        .flatMap(executor -> executor.info().getResourcesList().stream())
                        .toList()));
    for (String name : AMOUNTS) {
      double total = configured.scalarMillis(name) / MILLIS;
      double taken = used.scalarMillis(name) / MILLIS;
      metrics.put("slave/" + name + "_total", total);
      metrics.put("slave/" + name + "_used", taken);
      metrics.put("slave/" + name + "_percent", total == 0 ? 0 : taken / total);
    }
    return metrics;
  }

  private static long count(AgentState state, TaskState wanted) {
    return state.tasks().values().stream()
        .filter(task -> task.kept().getLatest() == wanted)
        .count();
  }
}
