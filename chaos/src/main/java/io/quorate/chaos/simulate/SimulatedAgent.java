package io.quorate.chaos.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An agent's machine: a disk with the agent's journal, what runs on it, and the agent's process,
 * which may die and come back. A model of {@code io.quorate.agent.AgentCore}, not that itself,
 * which has real processes, files and sockets in its hands.
 */
final class SimulatedAgent {
  static final String RESOURCES = "cpus:4;mem:4096;disk:1000;ports:[31000-31009]";

  private final World world;
  private final List<SimulatedMember> members;
  private final Invariants invariants;
  private final Sabotage sabotage;
  private final int number;
  private final SimulatedHost host;
  private final List<Consumer<AgentMemory>> journal = new ArrayList<>();
  private SimulatedDisk disk;
  private String registration;
  private String id = "";
  private AgentProcess process;
  private boolean silent;

  SimulatedAgent(
      World world,
      List<SimulatedMember> members,
      Invariants invariants,
      Sabotage sabotage,
      int number) {
    this.world = world;
    this.members = members;
    this.invariants = invariants;
    this.sabotage = sabotage;
    this.number = number;
    this.host = new SimulatedHost(world, invariants, name());
    this.disk = new SimulatedDisk(world);
    this.registration = "agent" + number;
    world.after(world.between(0, World.SECOND), this::start);
  }

  /** The latest that it had. */
  String id() {
    return id;
  }

  void identified(String newId) {
    id = newId;
  }

  String name() {
    return "agent " + number;
  }

  int number() {
    return number;
  }

  String registration() {
    return registration;
  }

  List<SimulatedMember> members() {
    return members;
  }

  Invariants invariants() {
    return invariants;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  SimulatedHost host() {
    return host;
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Whether no word gets through. */
  boolean silent() {
    return silent;
  }

  // -- The journal ------------------------------------------------------------------------------

  /** On its way to the disk; it is safe after the next sync. */
  void write(Consumer<AgentMemory> record) {
    SimulatedDisk to = disk;
    disk.write(
        SimulatedDisk.File.JOURNAL,
        torn -> {
          // A torn record tells itself by its checksum, and is cut off.
          if (!torn && to == disk) {
            journal.add(record);
          }
        });
  }

  AgentMemory read() {
    AgentMemory memory = new AgentMemory();
    journal.forEach(record -> record.accept(memory));
    return memory;
  }

  // -- Life -------------------------------------------------------------------------------------

  void start() {
    if (process == null) {
      process = new AgentProcess(world, this);
      process.start();
    }
  }

  /** Its tasks run on; what it wrote the system still has. */
  void kill(long length) {
    if (process != null) {
      world.note(name() + " is killed");
      process.stop();
      process = null;
      disk.killed();
      forgets();
      world.after(length, this::start);
    }
  }

  void losePower(long length) {
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
  void losePowerAtNextWrite(long length) {
    disk.atNextWrite(() -> world.after(world.between(0, 500_000), () -> losePower(length)));
  }

  void slowDisk(long length) {
    world.note(name() + " has a slow disk");
    disk.slow(500);
    world.after(length, () -> disk.slow(1));
  }

  void heal() {
    disk.atNextWrite(() -> {});
    disk.slow(1);
    start();
  }

  private void forgets() {
    if (sabotage.has(Flaw.AGENT_FORGETS_ITS_JOURNAL) && !journal.isEmpty()) {
      journal.remove(journal.size() - 1);
    }
  }

  /** As an operator does when the master says so: everything that was there is gone. */
  void wipe() {
    world.note(name() + " is wiped");
    process.stop();
    process = null;
    host.clear();
    journal.clear();
    disk = new SimulatedDisk(world);
    id = "";
    registration = "agent" + number + "-" + world.uuid();
    world.after(world.between(100 * World.MILLI, World.SECOND), this::start);
  }

  void cutLink() {
    if (process != null) {
      process.cutLink();
    }
  }

  /** No word gets through in either direction for a while. */
  void partition(long nanos) {
    silent = true;
    if (process != null) {
      process.deafen();
    }
    world.after(
        nanos,
        () -> {
          silent = false;
          if (process != null) {
            process.heard();
          }
        });
  }

  /** Some executor ends by itself. */
  void anyExecutorExits() {
    if (process != null) {
      process.anyExecutorExits();
    }
  }

  /** Executors that have nothing to do end, as a well-behaved one does. */
  void idleExecutorsExit() {
    if (process != null) {
      process.idleExecutorsExit();
    }
  }
}
