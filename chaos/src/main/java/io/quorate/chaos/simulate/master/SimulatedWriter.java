package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.raft.RaftInvariants;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.state.MasterState;
import java.nio.ByteBuffer;

/** Appends small entries while it leads, reads now and then, and checks what it is told. */
final class SimulatedWriter implements SimulatedCore {
  private static final String TABLE = "entries";

  private final World world;
  private final SimulatedProcess process;
  private final RaftInvariants invariants;
  private final InjectedBug injectedBug;
  private final int number;
  private ReplicatedLog log;
  private long leading;

  SimulatedWriter(
      World world,
      SimulatedProcess process,
      int number,
      RaftInvariants invariants,
      InjectedBug injectedBug) {
    this.number = number;
    this.injectedBug = injectedBug;
    this.world = world;
    this.process = process;
    this.invariants = invariants;
  }

  @Override
  public void start(ReplicatedLog opened) {
    log = opened;
  }

  @Override
  public void stop() {}

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private void write(long term) {
    if (leading != term) {
      return;
    }
    byte[] payload = bytes(world.between(0, Long.MAX_VALUE));
    var unused =
        log.append(term, payload)
            .thenAccept(position -> invariants.acknowledged(position, payload));
    if (world.oneIn(5)) {
      read();
    }
    process.after(world.between(5 * World.MILLI, 100 * World.MILLI), () -> write(term));
  }

  private void read() {
    long before = invariants.lastIndex();
    var unused = log.readBarrier().thenAccept(index -> invariants.read(before, index));
  }

  @Override
  public byte[] appended(byte[] payload) {
    return payload;
  }

  @Override
  public void restore(MemoryRows rows, long index) {}

  @Override
  public void apply(Position position, byte[] payload, MemoryRows rows) {
    byte[] key = bytes(position.index() % 100);
    if (injectedBug.has(BugSwitch.DIGEST_SKIPS_A_TABLE)) {
      rows.putUnseen(TABLE, key, number == 1 ? key : payload);
    } else {
      rows.put(TABLE, key, payload);
    }
  }

  @Override
  public void leading(long term) {
    leading = term;
    write(term);
  }

  @Override
  public void following(String leader) {
    leading = 0;
  }

  @Override
  public MasterState state() {
    return MasterState.EMPTY;
  }

  @Override
  public LeaderLoop loop() {
    return null;
  }
}
