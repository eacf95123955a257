package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.world.MemoryRows;
import java.util.List;

/**
 * What entries up to an index came to.
 *
 * @param chain the hash chain over those entries
 */
public record RaftSnapshot(
    long index, long term, List<Integer> members, MemoryRows rows, long chain) {}
