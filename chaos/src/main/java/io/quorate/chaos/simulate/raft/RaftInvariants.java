package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.log.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What the log promises, seen from above all members. */
public final class RaftInvariants {
  private final Invariants invariants;
  private final BiConsumer<Position, byte[]> onCommit;
  private final Map<Long, Integer> leaders = new HashMap<>();
  private final List<RaftEntry> committed = new ArrayList<>();
  private final List<Long> chains = new ArrayList<>();

  /** The term of the leader who committed each; that of the entry may be an older one. */
  private final List<Long> terms = new ArrayList<>();

  /** Also of members that are gone: their disks as they were then. */
  private final Map<Integer, RaftDisk> disks = new HashMap<>();

  /**
   * @param onCommit is told of each payload when it is first committed
   */
  public RaftInvariants(Invariants invariants, BiConsumer<Position, byte[]> onCommit) {
    this.onCommit = onCommit;
    this.invariants = invariants;
  }

  public void disk(int member, RaftDisk disk) {
    disks.put(member, disk);
  }

  public long lastIndex() {
    return committed.size();
  }

  public RaftEntry at(long index) {
    return committed.get((int) index - 1);
  }

  /** Over all entries up to this one. */
  static long chain(long before, RaftEntry entry) {
    return (before * 31 + entry.hash()) * 0x9E3779B97F4A7C15L;
  }

  /** Leaders of later terms have all that was committed; one may learn late that it leads. */
  void elected(RaftNode node) {
    Integer other = leaders.putIfAbsent(node.term(), node.id());
    invariants.require(
        other == null,
        "one leader a term",
        "term " + node.term() + ": " + other + " and " + node.id());
    for (long index = node.log().baseIndex() + 1; index <= committed.size(); index++) {
      invariants.require(
          terms.get((int) index - 1) >= node.term() || node.log().termAt(index) == at(index).term(),
          "a committed entry is never lost or changed",
          "member " + node.id() + " leads without that at " + index);
    }
  }

  void committed(RaftNode node, RaftEntry entry) {
    if (entry.index() <= committed.size()) {
      invariants.require(
          at(entry.index()).same(entry),
          "a committed entry is never lost or changed",
          "member " + node.id() + " has another at " + entry.index());
      return;
    }
    long safe = node.members().stream().map(disks::get).filter(disk -> disk.has(entry)).count();
    invariants.require(
        node.majority((int) safe),
        "a committed entry is on the disks of a majority",
        entry.index() + " is on " + safe + " of " + node.members());
    committed.add(entry);
    terms.add(node.term());
    chains.add(chain(chains.isEmpty() ? 0 : chains.get(chains.size() - 1), entry));
    if (entry.payload() != null) {
      onCommit.accept(new Position(entry.term(), entry.index()), entry.payload());
    }
  }

  void applied(RaftNode node) {
    invariants.require(
        node.applied() == 0 || chains.get((int) node.applied() - 1) == node.chain(),
        "committed prefixes are equal",
        "member " + node.id() + " differs at " + node.applied());
  }

  /** An append was answered. */
  public void acknowledged(Position position, byte[] payload) {
    boolean there = position.index() <= committed.size();
    RaftEntry entry = there ? at(position.index()) : null;
    invariants.require(
        there && entry.term() == position.term() && Arrays.equals(entry.payload(), payload),
        "an answered append is in the log",
        position.toString());
  }

  /** A read that began when so much was committed is answered at an index. */
  public void read(long before, long index) {
    invariants.require(
        index >= before, "a read sees what was committed", index + " is before " + before);
  }
}
