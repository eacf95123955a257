package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.SimulatedExecutor;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.master.event.Entry;
import io.quorate.master.leader.LeaderEnvironment;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.leader.LoopSettings;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.v1.MasterInfo;
import java.util.function.LongSupplier;

/** The masters' real loop and state machine. */
final class SimulatedMaster implements SimulatedCore {
  private final int number;
  private final InjectedBug injectedBug;
  private final Invariants invariants;
  private final LeaderLoop loop;

  SimulatedMaster(
      World world,
      SimulatedProcess process,
      int number,
      LoopSettings settings,
      InjectedBug injectedBug,
      Invariants invariants,
      SimulatedServer server,
      LongSupplier clock) {
    this.number = number;
    this.injectedBug = injectedBug;
    this.invariants = invariants;
    SimulatedExecutor executor = new SimulatedExecutor(process);
    this.loop =
        new LeaderLoop(
            MasterInfo.newBuilder()
                .setId("member" + number)
                .setIp(1)
                .setPort(5050)
                .setHostname("member" + number)
                .build(),
            settings,
            new LeaderEnvironment(clock, world::now, executor, executor, world::uuid),
            server.streams(),
            server.links());
    server.serve(loop);
  }

  @Override
  public void start(ReplicatedLog log) {
    loop.start(log);
  }

  @Override
  public void stop() {
    loop.close();
  }

  @Override
  public byte[] appended(byte[] payload) {
    return injectedBug.appended(SimulatedQuorum.parse(payload)).toByteArray();
  }

  @Override
  public void restore(MemoryRows rows, long index) {
    loop.machine().restore(rows, index);
  }

  @Override
  public void apply(Position position, byte[] payload, MemoryRows rows) {
    Entry read = SimulatedQuorum.parse(payload);
    Entry applied = injectedBug.applied(number, position.index(), read);
    long before = state().cluster().timeNanos();
    loop.machine().apply(position, applied == read ? payload : applied.toByteArray(), rows);
    invariants.entryMeetsItsState(read, before, state().cluster().timeNanos());
  }

  @Override
  public void leading(long term) {
    loop.onLeading(term);
  }

  @Override
  public void following(String leader) {
    loop.onFollowing(leader);
  }

  @Override
  public MasterState state() {
    return loop.machine().committed();
  }

  @Override
  public LeaderLoop loop() {
    return loop;
  }
}
