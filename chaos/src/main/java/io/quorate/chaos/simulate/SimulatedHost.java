package io.quorate.chaos.simulate;

import io.quorate.protocol.v1.TaskState;
import java.util.TreeMap;

/**
 * What runs on an agent's machine, whether the agent does or not. That a task was begun and how it
 * ended is in files that the agent finds again.
 */
final class SimulatedHost {
  private final World world;
  private final Invariants invariants;
  private final String name;
  private final TreeMap<String, Run> runs = new TreeMap<>();
  private Runnable changed = () -> {};

  /** One process. */
  private static final class Run {
    private boolean running;

    /** Null while it is not over. */
    private TaskState end;
  }

  SimulatedHost(World world, Invariants invariants, String name) {
    this.world = world;
    this.invariants = invariants;
    this.name = name;
  }

  /** Who is to look when something changed. */
  void tell(Runnable looks) {
    changed = looks;
  }

  boolean knows(String task) {
    return runs.containsKey(task);
  }

  boolean running(String task) {
    return runs.containsKey(task) && runs.get(task).running;
  }

  /** How it ended; null if it has not, or is not known. */
  TaskState end(String task) {
    return runs.containsKey(task) ? runs.get(task).end : null;
  }

  /** Some tasks end by themselves, others wait to be killed. */
  void start(String task) {
    invariants.tasksRunOnce(task, name);
    world.note(name + " runs " + task);
    Run run = new Run();
    runs.put(task, run);
    world.after(
        world.between(World.MILLI, 2 * World.SECOND),
        () -> {
          if (run.end == null) {
            run.running = true;
            changed.run();
          }
        });
    if (world.below(3) > 0) {
      TaskState end = world.oneIn(3) ? TaskState.TASK_FAILED : TaskState.TASK_FINISHED;
      world.after(world.between(World.MILLI, 20 * World.SECOND), () -> end(task, run, end));
    }
  }

  private void end(String task, Run run, TaskState how) {
    if (run.end == null) {
      run.end = how;
      invariants.ended(task, how);
      changed.run();
    }
  }

  void end(String task, TaskState how) {
    if (runs.containsKey(task)) {
      end(task, runs.get(task), how);
    }
  }

  void forget(String task) {
    runs.remove(task);
  }

  /** The machine is down: nothing runs any more, and nobody is there to see. */
  void losesPower() {
    changed = () -> {};
    runs.forEach((task, run) -> end(task, run, TaskState.TASK_FAILED));
  }

  void clear() {
    changed = () -> {};
    runs.forEach((task, run) -> end(task, run, TaskState.TASK_FAILED));
    runs.clear();
  }
}
