package io.quorate.agent;

import io.quorate.agent.executor.AgentExecutor;
import io.quorate.agent.executor.ExecutorRunner;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.Sources;
import io.quorate.agent.task.TaskRunner;
import io.quorate.agent.task.Units;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what containers may use at what they were given, and ends those that use more (Mesos 4.9,
 * 4.10). Core thread only.
 */
final class Limits {
  private static final Logger LOG = LoggerFactory.getLogger(Limits.class);

  private final Memory memory;
  private final Isolator isolator;
  private final TaskRunner tasks;
  private final ExecutorRunner executors;
  private final Duration interval;
  private final Map<String, ContainerResources> applied = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private final Sources sources;
  private long nextNanos;

  Limits(
      Memory memory,
      Isolator isolator,
      TaskRunner tasks,
      ExecutorRunner executors,
      Sources sources,
      Duration interval) {
    this.memory = memory;
    this.isolator = isolator;
    this.tasks = tasks;
    this.executors = executors;
    this.sources = sources;
    this.nextNanos = sources.now();
    this.interval = interval;
  }

  /** What runs by what is known, before anybody looks whether it still does. */
  void recover() {
    running().forEach(each -> applied.put(each.id(), ContainerResources.NONE));
  }

  /** Containers that are not over. */
  List<RootContainer> running() {
    List<RootContainer> units = new java.util.ArrayList<>();
    for (AgentTask task : memory.tasks.values()) {
      if (!task.info().hasExecutor() && !task.terminal()) {
        units.add(Units.of(memory.agentId, task));
      }
    }
    Map<ExecutorId, List<AgentTask>> under = executors.tasksByExecutor();
    for (AgentExecutor executor : memory.executors.values()) {
      if (!executor.over()) {
        units.add(
            Units.of(
                memory.agentId,
                executor.info,
                executor.number,
                under.getOrDefault(executor.id, List.of())));
      }
    }
    return units;
  }

  /** A look now and then. */
  void tick() {
    long now = sources.now();
    if (now - nextNanos < 0) {
      return;
    }
    nextNanos = now + interval.toNanos();
    Map<String, RootContainer> units = new HashMap<>();
    running().forEach(each -> units.put(each.id(), each));
    for (AgentTask task : memory.tasks.values()) {
      if (!task.info().hasExecutor() && !task.terminal()) {
        RootContainer unit = units.get(Layout.container(memory.agentId, task.launch.getNumber()));
        isolator
            .memoryExceeded(unit)
            .ifPresent(used -> tasks.limit(task, Limitation.memory(unit.resources(), used)));
      }
    }
    for (AgentExecutor executor : List.copyOf(memory.executors.values())) {
      if (!executor.over()) {
        RootContainer unit = units.get(Layout.container(memory.agentId, executor.number));
        isolator
            .memoryExceeded(unit)
            .ifPresent(
                used -> executors.limit(executor, Limitation.memory(unit.resources(), used)));
      }
    }
    apply(units);
  }

  /** An executor has more tasks than before, or fewer; a container is no more. */
  private void apply(Map<String, RootContainer> units) {
    units.forEach(
        (id, unit) -> {
          ContainerResources before = applied.put(id, unit.resources());
          if (before != null && !before.equals(unit.resources())) {
            update(unit);
          }
        });
    applied.keySet().removeIf(each -> !units.containsKey(each) && ended.add(each));
    ended.removeIf(isolator::remove);
  }

  private void update(RootContainer unit) {
    try {
      isolator.update(unit.id(), unit.resources());
    } catch (IOException e) {
      LOG.warn("Container {} keeps the limits that it had: {}", unit.id(), e.getMessage());
    }
  }
}
