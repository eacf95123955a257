package io.quorate.chaos.simulate.agent;

import io.quorate.agent.task.Launcher;
import io.quorate.chaos.simulate.world.World;
import java.util.Optional;

/** A process under its supervisor. */
abstract class SimulatedRun {
  /** How a shell tells what it was that ended a command. */
  static final int BY_TERM = 128 + 15;

  static final int BY_KILL = 128 + 9;

  final SimulatedHost host;
  final World world;
  final Launcher.Plan plan;
  private final AgentProcess by;
  private final long pid;
  private boolean alive = true;
  private Optional<Integer> exit = Optional.empty();
  private boolean unseen;
  private Runnable watcher = () -> {};

  SimulatedRun(SimulatedHost host, Launcher.Plan plan, AgentProcess by, long pid) {
    this.host = host;
    this.world = host.world();
    this.plan = plan;
    this.by = by;
    this.pid = pid;
  }

  abstract void begin();

  abstract void signal(String name);

  /** It is over, however that came; the status is empty if nobody could leave one. */
  abstract void over(Optional<Integer> status);

  boolean alive() {
    return alive;
  }

  /** The process of the agent that started it. */
  AgentProcess by() {
    return by;
  }

  long pid() {
    return pid;
  }

  Optional<Integer> exitStatus() {
    return exit;
  }

  /** Whether it ended while there was no agent. */
  boolean unseen() {
    return unseen;
  }

  /** Who waits for its end, for as long as that one lives itself. */
  void watch(Runnable who) {
    watcher = who;
    if (!alive) {
      who.run();
    }
  }

  void exit(int status) {
    if (alive) {
      end(Optional.of(status));
      watcher.run();
    }
  }

  void losesPower() {
    if (alive) {
      end(Optional.empty());
    }
  }

  private void end(Optional<Integer> status) {
    alive = false;
    exit = status;
    unseen = !host.agent().runs();
    over(status);
  }
}
