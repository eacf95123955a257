package io.quorate.chaos.simulate.raft;

import java.util.ArrayList;
import java.util.List;

/** Entries from some index on, in memory or on a disk. What is before the first, a snapshot has. */
public final class RaftEntries {
  private final List<RaftEntry> entries = new ArrayList<>();
  private long baseIndex;
  private long baseTerm;
  private List<Integer> baseMembers;

  /** Those of the last entry that names them. */
  private List<Integer> members;

  RaftEntries(List<Integer> members) {
    this.baseMembers = members;
    this.members = members;
  }

  RaftEntries(RaftEntries from) {
    this(from.baseMembers);
    baseIndex = from.baseIndex;
    baseTerm = from.baseTerm;
    entries.addAll(from.entries);
    members = from.members;
  }

  long baseIndex() {
    return baseIndex;
  }

  public long lastIndex() {
    return baseIndex + entries.size();
  }

  long lastTerm() {
    return termAt(lastIndex());
  }

  /** -1 where it is not known. */
  long termAt(long index) {
    if (index == baseIndex) {
      return baseTerm;
    }
    return index < baseIndex || index > lastIndex() ? -1 : at(index).term();
  }

  RaftEntry at(long index) {
    return entries.get((int) (index - baseIndex - 1));
  }

  List<Integer> members() {
    return members;
  }

  List<Integer> membersAt(long upTo) {
    long index = namedAt(upTo);
    return index == baseIndex ? baseMembers : at(index).members();
  }

  /** The index of the entry that names the members; the base if that is not here. */
  long membersIndex() {
    return namedAt(lastIndex());
  }

  private long namedAt(long upTo) {
    long index = upTo;
    while (index > baseIndex && at(index).members() == null) {
      index--;
    }
    return index;
  }

  List<RaftEntry> from(long index, int max) {
    int first = (int) (index - baseIndex - 1);
    return List.copyOf(entries.subList(first, Math.min(entries.size(), first + max)));
  }

  void append(RaftEntry entry) {
    if (entry.index() != lastIndex() + 1) {
      throw new IllegalStateException(entry.index() + " after " + lastIndex());
    }
    entries.add(entry);
    if (entry.members() != null) {
      members = entry.members();
    }
  }

  /** Takes back the entries from an index on. */
  void cut(long from) {
    if (from <= lastIndex()) {
      entries.subList((int) Math.max(0, from - baseIndex - 1), entries.size()).clear();
      members = membersAt(lastIndex());
    }
  }

  /** Forgets the entries up to an index, which a snapshot has. */
  void forget(long upTo) {
    if (upTo <= baseIndex) {
      return;
    }
    baseMembers = membersAt(upTo);
    baseTerm = termAt(upTo);
    entries.subList(0, (int) (upTo - baseIndex)).clear();
    baseIndex = upTo;
  }

  /** Begins after a snapshot; of the entries here those that follow on it stay. */
  void begin(RaftSnapshot snapshot) {
    if (termAt(snapshot.index()) == snapshot.term()) {
      forget(snapshot.index());
      return;
    }
    entries.clear();
    baseIndex = snapshot.index();
    baseTerm = snapshot.term();
    baseMembers = snapshot.members();
    members = baseMembers;
  }
}
