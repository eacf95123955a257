package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.state.MasterState;

/** What a member has above its log: the masters' core, or a writer in a world of the log alone. */
interface SimulatedCore {
  void start(ReplicatedLog log);

  void stop();

  /** An entry on its way into the log. */
  byte[] appended(byte[] payload);

  void restore(MemoryRows rows, long index);

  void apply(Position position, byte[] payload, MemoryRows rows);

  void leading(long term);

  /** Null if nobody is known to lead. */
  void following(String leader);

  /** What the rows say; empty in a world of the log alone. */
  MasterState state();

  /** Null in a world of the log alone. */
  LeaderLoop loop();
}
