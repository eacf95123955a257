package io.quorate.chaos.simulate.raft;

import java.util.Arrays;
import java.util.List;

/**
 * An entry of the log: a payload, or else the members from here on, with which each leader begins.
 *
 * @param payload null where it is of the members
 * @param members null where it is a payload
 * @param torn whether only a piece of it reached the disk, which its checksum tells
 */
public record RaftEntry(
    long index, long term, byte[] payload, List<Integer> members, boolean torn) {
  RaftEntry(long index, long term, byte[] payload) {
    this(index, term, payload, null, false);
  }

  RaftEntry(long index, long term, List<Integer> members) {
    this(index, term, null, members, false);
  }

  RaftEntry piece() {
    byte[] piece = payload == null ? null : Arrays.copyOf(payload, payload.length / 2);
    return new RaftEntry(index, term, piece, members, true);
  }

  boolean same(RaftEntry other) {
    return index == other.index && term == other.term && Arrays.equals(payload, other.payload);
  }

  long hash() {
    return (index * 31 + term) * 31 + (payload == null ? 7 : Arrays.hashCode(payload));
  }
}
