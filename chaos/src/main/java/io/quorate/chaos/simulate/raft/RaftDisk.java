package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.SimulatedDisk;
import io.quorate.chaos.simulate.world.World;
import java.util.List;

/** What a member of the quorum has on its disk: its vote, its log, its snapshot. */
public final class RaftDisk {
  private final SimulatedDisk disk;
  private final InjectedBug injectedBug;
  private long term;
  private int votedFor = RaftNode.NOBODY;
  private RaftSnapshot snapshot;
  private final RaftEntries log;

  /** The latest snapshot that was written, safe or not. */
  private long saved;

  public RaftDisk(World world, InjectedBug injectedBug, List<Integer> members) {
    this.disk = new SimulatedDisk(world);
    this.injectedBug = injectedBug;
    this.log = new RaftEntries(members);
    this.snapshot = new RaftSnapshot(0, 0, members, new MemoryRows(), 0);
  }

  public SimulatedDisk disk() {
    return disk;
  }

  // -- What is safe -----------------------------------------------------------------------------

  long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  public RaftSnapshot snapshot() {
    return snapshot;
  }

  /** Whether this entry would survive the loss of power now. */
  boolean has(RaftEntry entry) {
    return snapshot.index() >= entry.index() || log.termAt(entry.index()) == entry.term();
  }

  /** The log at a start: what is torn at its end was never synced, and is cut off. */
  RaftEntries log() {
    saved = snapshot.index();
    long last = log.lastIndex();
    if (last > log.baseIndex()
        && log.at(last).torn()
        && !injectedBug.has(BugSwitch.TORN_TAIL_IS_TAKEN)) {
      log.cut(last);
    }
    if (snapshot.index() > log.lastIndex() || log.termAt(snapshot.index()) != snapshot.term()) {
      log.begin(snapshot);
    }
    return new RaftEntries(log);
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
