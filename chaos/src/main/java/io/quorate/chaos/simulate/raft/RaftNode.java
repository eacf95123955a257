package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import java.util.List;

/**
 * One member of the quorum: Raft with votes and entries that are on disk before they are spoken of,
 * rehearsed elections, and a leader that gives up when it does not hear from a majority. A model of
 * what {@code io.quorate.log.ReplicatedLog} promises, small enough to break on purpose.
 */
public final class RaftNode {
  public static final int NOBODY = -1;

  /** How many entries a snapshot leaves behind for members that lag a little. */
  private static final int ENTRIES_KEPT = 20;

  private static final int SNAPSHOT_ODDS = 100;

  /** What is done with what the quorum agreed on. */
  public interface Machine {
    /** The rows become these, and the state what they say. */
    void restore(RaftSnapshot snapshot);

    void apply(RaftEntry entry);

    /** A copy of the rows as they are. */
    MemoryRows savedRows();

    /** All that was committed in earlier terms is applied. */
    void leading(long term);

    /** Another leads, or nobody that is known. */
    void following(int leader);
  }

  private final World world;
  private final int id;
  private final SimulatedProcess process;
  private final RaftDisk disk;
  private final RaftNetwork network;
  private final Machine machine;
  private final RaftInvariants invariants;
  private final InjectedBug injectedBug;
  private final RaftElection election;
  private RaftLead lead;

  private final RaftEntries log;
  private long term;
  private int votedFor;
  private int leader = NOBODY;
  private long committed;
  private long applied;
  private long chain;

  public RaftNode(
      World world,
      int id,
      SimulatedProcess process,
      RaftDisk disk,
      RaftNetwork network,
      Machine machine,
      RaftInvariants invariants,
      InjectedBug injectedBug) {
    this.world = world;
    this.id = id;
    this.process = process;
    this.disk = disk;
    this.network = network;
    this.machine = machine;
    this.invariants = invariants;
    this.injectedBug = injectedBug;
    this.log = disk.log();
    this.term = disk.term();
    this.votedFor = disk.votedFor();
    this.election = new RaftElection(world, this);
  }

  /** Reads its disk and takes part. */
  public void start() {
    restore(disk.snapshot());
    network.join(this);
    election.start();
  }

  public void stop() {
    network.leave(this);
  }

  int id() {
    return id;
  }

  World world() {
    return world;
  }

  public SimulatedProcess process() {
    return process;
  }

  RaftDisk disk() {
    return disk;
  }

  public RaftEntries log() {
    return log;
  }

  InjectedBug injectedBug() {
    return injectedBug;
  }

  RaftInvariants invariants() {
    return invariants;
  }

  public long term() {
    return term;
  }

  int votedFor() {
    return votedFor;
  }

  public long committed() {
    return committed;
  }

  public long applied() {
    return applied;
  }

  long chain() {
    return chain;
  }

  public int leader() {
    return leader;
  }

  public List<Integer> members() {
    return log.members();
  }

  /** Its lead, while it leads; else null. */
  public RaftLead lead() {
    return lead;
  }

  public RaftElection election() {
    return election;
  }

  boolean majority(int count) {
    return count > log.members().size() / 2;
  }

  // -- Messages ---------------------------------------------------------------------------------

  void send(int to, RaftMessage message) {
    network.send(id, to, message);
  }

  /** Sent once all that was written is safe, if the term is still the same then. */
  void sendWhenSynced(int to, RaftMessage message) {
    whenSynced(() -> send(to, message));
  }

  void whenSynced(Runnable safe) {
    long inTerm = term;
    disk.disk()
        .whenSynced(
            process,
            () -> {
              if (term == inTerm) {
                safe.run();
              }
            });
  }

  void receive(int from, RaftMessage message) {
    process.run(() -> take(from, message));
  }

  private void take(int from, RaftMessage message) {
    boolean rehearsal =
        (message instanceof RaftMessage.Ask ask && ask.rehearsal())
            || (message instanceof RaftMessage.Vote vote && vote.rehearsal());
    if (message.term() > term && !rehearsal) {
      follow(message.term(), NOBODY);
    }
    if (message instanceof RaftMessage.Ask ask) {
      election.asked(from, ask);
    } else if (message instanceof RaftMessage.Vote vote) {
      election.answered(from, vote);
    } else if (message instanceof RaftMessage.Append append) {
      append(from, append);
    } else if (message instanceof RaftMessage.Install install) {
      install(from, install);
    } else if (message.term() < term) {
      return;
    } else if (message instanceof RaftMessage.StandNow) {
      election.stand();
    } else if (message instanceof RaftMessage.Appended appended && lead != null) {
      lead.appended(from, appended);
    }
  }

  // -- Roles ------------------------------------------------------------------------------------

  /** A new term, or a vote in this one: on disk before it is told to anybody. */
  void vote(long inTerm, int candidate) {
    term = inTerm;
    votedFor = candidate;
    if (!injectedBug.has(BugSwitch.VOTE_IS_NOT_SAVED)) {
      disk.vote(inTerm, candidate);
    }
  }

  /** The term goes on, under this leader if it is known. */
  void follow(long inTerm, int newLeader) {
    if (inTerm > term) {
      vote(inTerm, NOBODY);
    }
    election.over();
    boolean led = lead != null;
    if (led) {
      lead.stop();
      lead = null;
    }
    if (led || leader != newLeader) {
      leader = newLeader;
      machine.following(newLeader);
    }
  }

  void elected() {
    invariants.elected(this);
    world.note("term " + term + ": member " + id + " leads");
    election.over();
    leader = id;
    lead = new RaftLead(world, this);
    lead.start();
  }

  void leading() {
    machine.leading(term);
  }

  // -- A follower's log -------------------------------------------------------------------------

  private void append(int from, RaftMessage.Append append) {
    if (append.term() < term) {
      send(from, new RaftMessage.Appended(term, false, 0, append.sentAt()));
      return;
    }
    hear(from);
    if (append.prevIndex() > log.lastIndex()) {
      refuse(from, log.lastIndex(), append);
      return;
    }
    boolean known = append.prevIndex() >= log.baseIndex();
    if (known && log.termAt(append.prevIndex()) != append.prevTerm()) {
      refuse(from, Math.max(committed, append.prevIndex() - 1), append);
      return;
    }
    for (RaftEntry entry : append.entries()) {
      add(entry);
    }
    long match = append.prevIndex() + append.entries().size();
    if (injectedBug.has(BugSwitch.CUTS_WHAT_FOLLOWS) && match >= log.baseIndex()) {
      log.cut(match + 1);
      disk.cut(match + 1);
    }
    commit(Math.min(append.committed(), match));
    RaftMessage taken = new RaftMessage.Appended(term, true, match, append.sentAt());
    if (injectedBug.has(BugSwitch.ACKNOWLEDGED_BEFORE_SYNC)) {
      send(from, taken);
    } else {
      sendWhenSynced(from, taken);
    }
  }

  private void hear(int from) {
    if (leader != from || lead != null) {
      follow(term, from);
    }
    election.heard();
  }

  private void refuse(int to, long hint, RaftMessage.Append append) {
    sendWhenSynced(to, new RaftMessage.Appended(term, false, hint, append.sentAt()));
  }

  private void add(RaftEntry entry) {
    if (entry.index() <= log.baseIndex() || log.termAt(entry.index()) == entry.term()) {
      return;
    }
    if (entry.index() <= log.lastIndex()) {
      log.cut(entry.index());
      disk.cut(entry.index());
    }
    log.append(entry);
    disk.append(entry);
  }

  /** The leader's own. */
  RaftEntry append(RaftEntry entry) {
    log.append(entry);
    disk.append(entry);
    return entry;
  }

  // -- Commits ----------------------------------------------------------------------------------

  /** Everything up to an index is committed: it is applied. */
  void commit(long upTo) {
    while (committed < Math.min(upTo, log.lastIndex())) {
      RaftEntry entry = log.at(++committed);
      invariants.committed(this, entry);
      apply(entry);
    }
  }

  private void apply(RaftEntry entry) {
    applied = entry.index();
    chain = RaftInvariants.chain(chain, entry);
    machine.apply(entry);
    invariants.applied(this);
    if (lead != null) {
      lead.applied(entry);
    }
    if (world.oneIn(SNAPSHOT_ODDS)) {
      snapshot(ENTRIES_KEPT);
    }
  }

  // -- Snapshots --------------------------------------------------------------------------------

  /** Saves what was applied; all entries before it but so many may go then. */
  public void snapshot(int kept) {
    long index = applied;
    RaftSnapshot saved =
        new RaftSnapshot(
            index, log.termAt(index), log.membersAt(index), machine.savedRows(), chain);
    disk.save(saved);
    disk.disk()
        .whenSynced(
            process,
            () -> {
              if (index - kept > log.baseIndex()) {
                log.forget(index - kept);
                disk.forget(index - kept);
              }
            });
  }

  private void install(int from, RaftMessage.Install install) {
    if (install.term() < term) {
      return;
    }
    hear(from);
    RaftSnapshot snapshot = install.snapshot();
    if (snapshot.index() > committed) {
      world.note("member " + id + " takes a snapshot at " + snapshot.index());
      disk.save(snapshot);
      whenSynced(
          () -> {
            if (snapshot.index() > committed) {
              log.begin(snapshot);
              disk.begin(snapshot);
              restore(snapshot);
            }
            sendWhenSynced(from, installed(install));
          });
    } else {
      sendWhenSynced(from, installed(install));
    }
  }

  private RaftMessage installed(RaftMessage.Install install) {
    return new RaftMessage.Appended(term, true, install.snapshot().index(), install.sentAt());
  }

  private void restore(RaftSnapshot snapshot) {
    committed = snapshot.index();
    if (injectedBug.has(BugSwitch.RESTORED_AT_WRONG_INDEX) && committed > 0) {
      committed++;
    }
    applied = committed;
    chain = snapshot.chain();
    machine.restore(snapshot);
    invariants.applied(this);
  }
}
