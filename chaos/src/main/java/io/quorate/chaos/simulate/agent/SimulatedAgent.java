package io.quorate.chaos.simulate.agent;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.world.SimulatedDisk;
import io.quorate.chaos.simulate.world.World;
import java.util.List;

/**
 * An agent's machine: a disk with the agent's journal, what runs on it, and the agent's process,
 * which may die and come back.
 */
public final class SimulatedAgent {
  private final World world;
  private final List<SimulatedMember> members;
  private final Invariants invariants;
  private final InjectedBug injectedBug;
  private final int number;
  private final SimulatedHost host;
  private SimulatedDisk disk;
  private SimulatedJournal journal;
  private String id = "";
  private AgentProcess process;
  private boolean silent;

  public SimulatedAgent(
      World world,
      List<SimulatedMember> members,
      Invariants invariants,
      InjectedBug injectedBug,
      int number) {
    this.world = world;
    this.members = members;
    this.invariants = invariants;
    this.injectedBug = injectedBug;
    this.number = number;
    this.host = new SimulatedHost(world, this);
    this.disk = new SimulatedDisk(world);
    this.journal = new SimulatedJournal(this, disk);
    world.after(world.between(0, World.SECOND), this::start);
  }

  /** The latest that it had. */
  public String id() {
    return id;
  }

  void identified(String newId) {
    id = newId;
  }

  public String name() {
    return "agent " + number;
  }

  int number() {
    return number;
  }

  SimulatedJournal journal() {
    return journal;
  }

  /** Null while there is none. */
  AgentProcess process() {
    return process;
  }

  /** Whether there is a process of the agent. */
  boolean runs() {
    return process != null;
  }

  List<SimulatedMember> members() {
    return members;
  }

  Invariants invariants() {
    return invariants;
  }

  InjectedBug injectedBug() {
    return injectedBug;
  }

  public SimulatedHost host() {
    return host;
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Says whether it has a link on which the leader is heard. */
  public boolean linked() {
    return process != null && process.link().works();
  }

  /** Whether no word gets through. */
  boolean silent() {
    return silent;
  }

  // -- Life -------------------------------------------------------------------------------------

  void start() {
    if (process == null) {
      process = new AgentProcess(world, this);
      process.start();
    }
  }

  /** Its tasks run on; what it wrote the system still has. */
  public void kill(long length) {
    if (process != null) {
      world.note(name() + " is killed");
      process.stop();
      process = null;
      disk.killed();
      host.agentDied();
      forgets();
      world.after(length, this::start);
    }
  }

  public void losePower(long length) {
    if (process != null) {
      world.note(name() + " loses power");
      process.vanish();
      process = null;
      disk.losesPower();
      host.losesPower();
      forgets();
      world.after(length, this::start);
    }
  }

  /** In the middle of a write. */
  public void losePowerAtNextWrite(long length) {
    disk.atNextWrite(() -> world.after(world.between(0, 500_000), () -> losePower(length)));
  }

  public void slowDisk(long length) {
    world.note(name() + " has a slow disk");
    disk.slow(500);
    world.after(length, () -> disk.slow(1));
  }

  public void heal() {
    disk.atNextWrite(() -> {});
    disk.slow(1);
    start();
  }

  private void forgets() {
    if (injectedBug.has(BugSwitch.AGENT_FORGETS_AN_UPDATE)) {
      journal.forgetUpdate();
    }
  }

  /** As an operator does when the master says so: everything that was there is gone. */
  void wipe() {
    world.note(name() + " is wiped");
    process.stop();
    process = null;
    host.clear();
    disk = new SimulatedDisk(world);
    journal = new SimulatedJournal(this, disk);
    id = "";
    world.after(world.between(100 * World.MILLI, World.SECOND), this::start);
  }

  public void cutLink() {
    if (process != null) {
      process.link().cut();
    }
  }

  /** No word gets through in either direction for a while. */
  public void partition(long nanos) {
    silent = true;
    if (process != null) {
      process.link().deafen();
    }
    world.after(
        nanos,
        () -> {
          silent = false;
          if (process != null) {
            process.link().cut();
          }
        });
  }
}
