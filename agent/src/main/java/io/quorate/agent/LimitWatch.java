package io.quorate.agent;

import io.quorate.agent.decide.AgentInput;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what containers may use at what they were given, and finds those that use more (Mesos 4.9,
 * 4.10). What is limited as one is a command task, or an executor with all of its tasks. It is used
 * on the core thread only.
 */
final class LimitWatch {
  private static final Logger LOG = LoggerFactory.getLogger(LimitWatch.class);

  private final Isolator isolator;
  private final long intervalNanos;
  private final Map<String, ContainerResources> applied = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private long nextNanos;
  private boolean begun;

  LimitWatch(Isolator isolator, Duration interval) {
    this.isolator = isolator;
    this.intervalNanos = interval.toNanos();
  }

  /** What runs by what the journal says, before anybody looks whether it still does. */
  void recover(AgentState state) {
    containers(state).values().forEach(root -> applied.put(root.id(), ContainerResources.NONE));
  }

  /** The outermost containers that are not over, by their runs. */
  static Map<RunId, RootContainer> containers(AgentState state) {
    Map<RunId, RootContainer> containers = new LinkedHashMap<>();
    Map<ExecutorId, List<AgentTask>> byExecutor =
        state.tasks().values().stream()
            .filter(task -> task.info().hasExecutor())
            .collect(Collectors.groupingBy(AgentTask::executor));
    for (AgentTask task : state.tasks().values()) {
      if (!task.info().hasExecutor() && !task.terminal()) {
        containers.put(task.run(), container(state, task));
      }
    }
    for (AgentExecutor executor : state.executors().values()) {
      if (!executor.over()) {
        List<AgentTask> tasks = byExecutor.getOrDefault(executor.id(), List.of());
        containers.put(executor.run(), container(state, executor, tasks));
      }
    }
    return containers;
  }

  /** What a run is limited with; empty if it is of no interest any more. */
  static Optional<RootContainer> container(AgentState state, RunId run) {
    return run.ofExecutor() || run.nested()
        ? state
            .executor(run.executor())
            .map(executor -> container(state, executor, state.tasksOf(executor.id())))
        : state.taskOf(run).map(task -> container(state, task));
  }

  private static RootContainer container(AgentState state, AgentTask task) {
    String id = task.run().container(state.agentId());
    return new RootContainer(id, List.of(id), ContainerResources.of(task.info()));
  }

  private static RootContainer container(
      AgentState state, AgentExecutor executor, List<AgentTask> tasks) {
    List<String> containers = new ArrayList<>();
    containers.add(executor.run().container(state.agentId()));
    ContainerResources resources = ContainerResources.of(executor.info().getResourcesList());
    for (AgentTask task : tasks) {
      if (!task.terminal()) {
        resources = resources.plus(ContainerResources.of(task.info()));
        containers.add(task.run().container(state.agentId()));
      }
    }
    return new RootContainer(containers.get(0), containers, resources);
  }

  /** What a run used too much of, if it did. */
  Optional<Limitation> exceeded(AgentState state, RunId run) {
    return container(state, run).flatMap(this::exceeded);
  }

  /**
   * The same of a container that a daemon says it of.
   *
   * @param used in bytes
   */
  Optional<Limitation> exceeded(AgentState state, RunId run, long used) {
    return container(state, run).map(root -> Limitation.memory(root.resources(), used));
  }

  private Optional<Limitation> exceeded(RootContainer root) {
    var used = isolator.memoryExceeded(root);
    return used.isPresent()
        ? Optional.of(Limitation.memory(root.resources(), used.getAsLong()))
        : Optional.empty();
  }

  /** Looks now and then; what is found are inputs. */
  List<AgentInput> look(AgentState state, long nowNanos) {
    if (begun && nowNanos - nextNanos < 0) {
      return List.of();
    }
    begun = true;
    nextNanos = nowNanos + intervalNanos;
    List<AgentInput> found = new ArrayList<>();
    Map<RunId, RootContainer> containers = containers(state);
    containers.forEach(
        (run, root) ->
            exceeded(root).ifPresent(limit -> found.add(new AgentInput.LimitExceeded(run, limit))));
    limit(containers.values().stream().collect(Collectors.toMap(RootContainer::id, root -> root)));
    return found;
  }

  /** An executor has more tasks than before, or fewer; a container is no more. */
  private void limit(Map<String, RootContainer> containers) {
    containers.forEach(
        (id, root) -> {
          ContainerResources before = applied.put(id, root.resources());
          if (before != null && !before.equals(root.resources())) {
            update(root);
          }
        });
    applied.keySet().removeIf(id -> !containers.containsKey(id) && ended.add(id));
    ended.removeIf(isolator::remove);
  }

  private void update(RootContainer root) {
    try {
      isolator.update(root.id(), root.resources());
    } catch (IOException e) {
      LOG.warn("Container {} keeps the limits that it had: {}", root.id(), e.toString());
    }
  }
}
