package io.quorate.chaos.simulate;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.Position;
import io.quorate.master.event.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What Raft promises, without Raft: one order of committed entries, one leader a term, an entry of
 * a leader that is deposed is either committed before its successor's first or never.
 */
final class SimulatedQuorum {
  private final World world;
  private final Sabotage sabotage;
  private final Invariants invariants;
  private final List<SimulatedMember> members = new ArrayList<>();
  private final List<Committed> committed = new ArrayList<>();
  private long term;
  private SimulatedMember leader;

  /** A committed entry. */
  record Committed(Position position, byte[] payload) {}

  SimulatedQuorum(World world, Sabotage sabotage, Invariants invariants) {
    this.world = world;
    this.sabotage = sabotage;
    this.invariants = invariants;
  }

  void add(SimulatedMember member) {
    members.add(member);
  }

  List<SimulatedMember> members() {
    return members;
  }

  Sabotage sabotage() {
    return sabotage;
  }

  long term() {
    return term;
  }

  SimulatedMember leader() {
    return leader;
  }

  long lastIndex() {
    return committed.size();
  }

  Committed at(long index) {
    return committed.get((int) index - 1);
  }

  /** The leader's oldest pending entry is committed. */
  void commit(byte[] payload, long inTerm) {
    Entry entry = sabotage.appended(parse(payload));
    Position position = new Position(inTerm, committed.size() + 1L);
    committed.add(new Committed(position, entry.toByteArray()));
    invariants.committed(position, entry);
  }

  static Entry parse(byte[] payload) {
    try {
      return Entry.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Another term begins, led by a member that is up, perhaps the same. Of what the old leader had
   * in flight a majority may have the first few entries: those stay.
   */
  void elect() {
    List<SimulatedMember> able = members.stream().filter(SimulatedMember::able).toList();
    if (able.size() < 2) {
      return;
    }
    SimulatedMember old = leader;
    long oldTerm = term;
    term++;
    leader = world.any(able);
    world.note("term " + term + ": member " + leader.number() + " leads");
    if (old != null) {
      ArrayDeque<byte[]> inFlight = old.depose();
      for (int kept = world.below(inFlight.size() + 1); kept > 0; kept--) {
        commit(inFlight.poll(), oldTerm);
      }
    }
    leader.lead(term);
    for (SimulatedMember member : members) {
      if (member != leader) {
        member.follow(leader);
      }
    }
  }

  /** The leader is gone: the others elect after a while. */
  void lost(SimulatedMember member) {
    if (member == leader) {
      long lostTerm = term;
      world.after(
          world.between(200 * World.MILLI, 2 * World.SECOND),
          () -> {
            if (term == lostTerm) {
              elect();
            }
          });
    }
  }
}
