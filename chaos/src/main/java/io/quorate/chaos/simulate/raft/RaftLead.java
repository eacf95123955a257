package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.OutcomeUnknownException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** What a leader does in its one term. */
public final class RaftLead {
  private static final long HEARTBEAT = 200 * World.MILLI;
  private static final long PATIENCE = 1_500 * World.MILLI;
  private static final int ENTRIES_MAX = 4;

  private final World world;
  private final RaftNode node;
  private final TreeMap<Integer, Peer> peers = new TreeMap<>();
  private final List<Read> reads = new ArrayList<>();

  /** Its first entry: with that, all before it are committed. */
  private long first;

  /** Up to here its own disk has it. */
  private long safe;

  private int successor = RaftNode.NOBODY;
  private boolean told;
  private boolean over;

  /** What is known of another member. */
  private static final class Peer {
    private long next;
    private long match;
    private long matchAtBeat;

    /** When the latest message that it answered was sent. */
    private long heardOf;

    private long installAt = -PATIENCE;
  }

  private record Read(long since, long index, CompletableFuture<Long> done) {}

  RaftLead(World world, RaftNode node) {
    this.world = world;
    this.node = node;
  }

  void start() {
    first = append(node.members());
    if (node.injectedBug().has(BugSwitch.LEADS_TOO_SOON)) {
      node.leading();
    }
    beat();
  }

  void stop() {
    over = true;
    reads.forEach(
        read -> read.done.completeExceptionally(new OutcomeUnknownException("leads no longer")));
    reads.clear();
  }

  public boolean transferring() {
    return successor != RaftNode.NOBODY;
  }

  // -- Entries ----------------------------------------------------------------------------------

  /** The new entry's index. */
  public long append(byte[] payload) {
    return append(new RaftEntry(node.log().lastIndex() + 1, node.term(), payload));
  }

  private long append(List<Integer> members) {
    return append(new RaftEntry(node.log().lastIndex() + 1, node.term(), members));
  }

  private long append(RaftEntry entry) {
    node.append(entry);
    meetPeers();
    if (node.injectedBug().has(BugSwitch.LEADER_COUNTS_UNSYNCED)) {
      saved(entry.index());
    } else {
      node.whenSynced(() -> saved(entry.index()));
    }
    peers.forEach(this::send);
    return entry.index();
  }

  private void saved(long index) {
    if (!over) {
      safe = Math.max(safe, index);
      advance();
    }
  }

  private void meetPeers() {
    peers.keySet().retainAll(node.members());
    for (int member : node.members()) {
      if (member != node.id() && !peers.containsKey(member)) {
        Peer peer = new Peer();
        peer.next = node.log().lastIndex();
        peer.heardOf = world.now();
        peers.put(member, peer);
      }
    }
  }

  private void beat() {
    if (over) {
      return;
    }
    long reached =
        peers.values().stream().filter(peer -> peer.heardOf > world.now() - PATIENCE).count();
    if (!node.majority((int) reached + 1)) {
      world.note("member " + node.id() + " hears no majority");
      node.follow(node.term(), RaftNode.NOBODY);
      return;
    }
    peers.forEach(
        (id, peer) -> {
          if (peer.match == peer.matchAtBeat) {
            // What was sent since may be lost: it is sent again.
            peer.next = peer.match == 0 ? peer.next : peer.match + 1;
          }
          peer.matchAtBeat = peer.match;
          send(id, peer);
        });
    node.process().after(HEARTBEAT, this::beat);
  }

  private void send(int to, Peer peer) {
    RaftEntries log = node.log();
    if (peer.next <= log.baseIndex()) {
      if (world.now() - peer.installAt >= PATIENCE) {
        peer.installAt = world.now();
        node.send(to, new RaftMessage.Install(node.term(), node.disk().snapshot(), world.now()));
      }
      return;
    }
    List<RaftEntry> entries = log.from(peer.next, 1 + world.below(ENTRIES_MAX));
    long before = peer.next - 1;
    node.send(
        to,
        new RaftMessage.Append(
            node.term(), before, log.termAt(before), entries, node.committed(), world.now()));
    peer.next += entries.size();
  }

  void appended(int from, RaftMessage.Appended answer) {
    Peer peer = peers.get(from);
    if (peer == null || over) {
      return;
    }
    peer.heardOf = Math.max(peer.heardOf, answer.sentAt());
    if (answer.taken()) {
      peer.match = Math.max(peer.match, answer.index());
      peer.next = Math.max(peer.next, peer.match + 1);
      advance();
    } else {
      peer.next = Math.max(peer.match + 1, Math.min(peer.next - 1, answer.index() + 1));
    }
    boolean more = peer.next <= node.log().lastIndex();
    if (!over && (more || !answer.taken())) {
      send(from, peer);
    }
    handOver();
    answerReads();
  }

  /** Commits what a majority has on disk, if it is of this term, and so all before it. */
  private void advance() {
    for (long index = node.log().lastIndex(); index > node.committed() && !over; index--) {
      long at = index;
      long count = peers.values().stream().filter(peer -> peer.match >= at).count();
      boolean own = safe >= at && node.members().contains(node.id());
      boolean current =
          node.log().termAt(at) == node.term()
              || node.injectedBug().has(BugSwitch.OLD_TERMS_BY_COUNTING);
      boolean early = node.injectedBug().has(BugSwitch.COMMITS_WITHOUT_MAJORITY);
      if (current && (node.majority((int) count + (own ? 1 : 0)) || early)) {
        node.commit(at);
      }
    }
  }

  /** By the node, of each entry that it applied. */
  void applied(RaftEntry entry) {
    if (entry.index() == first && !node.injectedBug().has(BugSwitch.LEADS_TOO_SOON)) {
      node.leading();
    }
    if (entry.index() == node.log().membersIndex() && !node.members().contains(node.id())) {
      node.follow(node.term(), RaftNode.NOBODY);
    }
  }

  // -- Reads ------------------------------------------------------------------------------------

  /**
   * All that is committed by now, once a majority confirmed that nobody else leads (thesis 6.4).
   */
  public CompletableFuture<Long> readBarrier() {
    if (node.injectedBug().has(BugSwitch.READS_WITHOUT_ASKING)) {
      return CompletableFuture.completedFuture(node.committed());
    }
    CompletableFuture<Long> done = new CompletableFuture<>();
    reads.add(new Read(world.now(), node.committed(), done));
    peers.forEach(this::send);
    return done;
  }

  private void answerReads() {
    for (Read read : List.copyOf(reads)) {
      long confirmed = peers.values().stream().filter(peer -> peer.heardOf >= read.since).count();
      if (node.majority((int) confirmed + 1) && node.applied() >= first) {
        reads.remove(read);
        read.done.complete(Math.max(read.index, first));
      }
    }
  }

  // -- Operators --------------------------------------------------------------------------------

  /** Hands the lead over, if that other catches up soon. */
  public void transfer(int to) {
    if (peers.containsKey(to) && successor == RaftNode.NOBODY) {
      world.note("member " + node.id() + " hands over to " + to);
      successor = to;
      told = false;
      node.process().after(RaftElection.TIMEOUT, () -> successor = RaftNode.NOBODY);
      handOver();
    }
  }

  private void handOver() {
    Peer peer = peers.get(successor);
    if (peer != null && peer.match == node.log().lastIndex() && !told) {
      told = true;
      node.send(successor, new RaftMessage.StandNow(node.term()));
    }
  }

  /** Whether no change of members is underway. */
  public boolean settled() {
    return node.log().membersIndex() <= node.committed() && node.committed() >= first;
  }

  /** One more or one less, if nothing of the kind is underway. */
  public void changeMembers(List<Integer> members) {
    if (settled()) {
      world.note("members become " + members);
      append(members);
    }
  }
}
