package io.quorate.chaos.simulate.agent;

import io.quorate.agent.task.Launcher;
import io.quorate.chaos.simulate.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An agent's machine: what runs on it, whether the agent does or not, and the volumes. That a
 * process was started and how it ended is in files that the agent finds again.
 */
public final class SimulatedHost {
  private final World world;
  private final SimulatedAgent agent;
  private final TreeMap<String, SimulatedRun> runs = new TreeMap<>();
  private final TreeSet<String> volumes = new TreeSet<>();
  private long pids;

  SimulatedHost(World world, SimulatedAgent agent) {
    this.world = world;
    this.agent = agent;
  }

  World world() {
    return world;
  }

  SimulatedAgent agent() {
    return agent;
  }

  /** Paths of the volumes that are there. */
  TreeSet<String> volumes() {
    return volumes;
  }

  /** Null if it was never started, or is forgotten. */
  SimulatedRun run(String container) {
    return runs.get(container);
  }

  /** Starts a process; a second start of the same is none. */
  SimulatedRun start(Launcher.Plan plan, AgentProcess by) {
    String container = plan.process().container();
    if (!plan.process().started()) {
      SimulatedRun run =
          plan.environment().containsKey("MESOS_TASK_ID")
              ? new CommandProgram(this, plan, by, ++pids)
              : new ExecutorProgram(this, plan, by, ++pids);
      runs.put(container, run);
      run.begin();
    }
    return runs.get(container);
  }

  /** The containers that have files. */
  List<String> containers() {
    return List.copyOf(runs.keySet());
  }

  void forget(String container) {
    runs.remove(container);
  }

  private List<ExecutorProgram> executors() {
    List<ExecutorProgram> executors = new ArrayList<>();
    for (SimulatedRun run : runs.values()) {
      if (run instanceof ExecutorProgram executor && executor.alive()) {
        executors.add(executor);
      }
    }
    return executors;
  }

  /** The agent's process is gone: whoever talked to it finds the connection broken. */
  void agentDied() {
    executors().forEach(ExecutorProgram::disconnected);
  }

  /** The machine is down: nothing runs any more, and nobody left a word. */
  void losesPower() {
    runs.values().forEach(SimulatedRun::losesPower);
  }

  void clear() {
    losesPower();
    runs.clear();
    volumes.clear();
  }

  /** Some executor ends by itself. */
  public void anyExecutorExits() {
    List<ExecutorProgram> all = executors();
    if (!all.isEmpty()) {
      world.any(all).exit(world.below(2));
    }
  }

  /** Executors that have nothing to do end, as a well-behaved one does. */
  public void idleExecutorsExit() {
    executors().stream().filter(ExecutorProgram::idle).forEach(executor -> executor.exit(0));
  }
}
