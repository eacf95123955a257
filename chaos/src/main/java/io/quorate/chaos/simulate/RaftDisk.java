package io.quorate.chaos.simulate;

import java.util.List;

/** What a member of the quorum has on its disk: its vote, its log, its snapshot. */
final class RaftDisk {
  private final SimulatedDisk disk;
  private final Sabotage sabotage;
  private long term;
  private int votedFor = RaftNode.NOBODY;
  private RaftSnapshot snapshot;
  private final RaftLog log;

  /** The latest snapshot that was written, safe or not. */
  private long saved;

  RaftDisk(World world, Sabotage sabotage, List<Integer> members) {
    this.disk = new SimulatedDisk(world);
    this.sabotage = sabotage;
    this.log = new RaftLog(members);
    this.snapshot = new RaftSnapshot(0, 0, members, new MemoryRows(), 0);
  }

  SimulatedDisk disk() {
    return disk;
  }

  // -- What is safe -----------------------------------------------------------------------------

  long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  RaftSnapshot snapshot() {
    return snapshot;
  }

  /** Whether this entry would survive the loss of power now. */
  boolean has(RaftEntry entry) {
    return snapshot.index() >= entry.index() || log.termAt(entry.index()) == entry.term();
  }

  /** The log at a start: what is torn at its end was never synced, and is cut off. */
  RaftLog log() {
    saved = snapshot.index();
    long last = log.lastIndex();
    if (last > log.baseIndex() && log.at(last).torn() && !sabotage.has(Flaw.TORN_TAIL_IS_TAKEN)) {
      log.cut(last);
    }
    if (snapshot.index() > log.lastIndex() || log.termAt(snapshot.index()) != snapshot.term()) {
      log.begin(snapshot);
    }
    return new RaftLog(log);
  }

  // -- Writes -----------------------------------------------------------------------------------

  /** The file is replaced as a whole: torn, it is the one of before. */
  void vote(long inTerm, int candidate) {
    disk.write(
        SimulatedDisk.File.VOTE,
        torn -> {
          if (!torn) {
            term = inTerm;
            votedFor = candidate;
          }
        });
  }

  void append(RaftEntry entry) {
    disk.write(SimulatedDisk.File.LOG, torn -> log.append(torn ? entry.piece() : entry));
  }

  void cut(long from) {
    disk.write(
        SimulatedDisk.File.LOG,
        torn -> {
          if (!torn) {
            log.cut(from);
          }
        });
  }

  void forget(long upTo) {
    disk.write(
        SimulatedDisk.File.LOG,
        torn -> {
          if (!torn) {
            log.forget(Math.min(upTo, log.lastIndex()));
          }
        });
  }

  /** Replaced as a whole too, but never by an older one. */
  void save(RaftSnapshot next) {
    if (next.index() < saved) {
      return;
    }
    saved = next.index();
    disk.write(
        SimulatedDisk.File.SNAPSHOT,
        torn -> {
          if (!torn) {
            snapshot = next;
          }
        });
  }

  void begin(RaftSnapshot installed) {
    disk.write(
        SimulatedDisk.File.LOG,
        torn -> {
          if (!torn) {
            log.begin(installed);
          }
        });
  }
}
