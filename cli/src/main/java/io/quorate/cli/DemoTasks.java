package io.quorate.cli;

import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.TaskState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the demo was told about its tasks. The framework's thread adds to it while the demo's own
 * thread reads, so a list in it is never changed: a longer one takes its place.
 */
final class DemoTasks {
  private final Map<String, List<TaskState>> states = new ConcurrentHashMap<>();

  /** Adds a state that the master told. */
  void told(String task, TaskState state) {
    states.merge(
        task,
        List.of(state),
        (before, added) -> Stream.concat(before.stream(), added.stream()).toList());
  }

  /** The states of a task in the order in which they were told; empty if none was. */
  List<TaskState> states(String task) {
    return states.getOrDefault(task, List.of());
  }

  /** How many tasks run, by the latest that was told. */
  long running() {
    return states.values().stream()
        .filter(told -> told.get(told.size() - 1) == TaskState.TASK_RUNNING)
        .count();
  }

  /** How many tasks came to their end. */
  long over() {
    return states.values().stream()
        .filter(told -> told.stream().anyMatch(TaskStates::terminal))
        .count();
  }
}
