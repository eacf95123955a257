package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.world.World;
import java.util.Set;
import java.util.TreeSet;

/** A member's side of elections: rehearsed first, so that who cannot win does not disturb. */
public final class RaftElection {
  /** Of silence at least, and at most twice as long, before a member stands. */
  static final long TIMEOUT = 600 * World.MILLI;

  private final World world;
  private final RaftNode node;
  private final Set<Integer> votes = new TreeSet<>();
  private boolean rehearsing;
  private boolean standing;
  private long heardAt;
  private long deadline;

  RaftElection(World world, RaftNode node) {
    this.world = world;
    this.node = node;
  }

  void start() {
    heardAt = world.now();
    postpone();
    tick();
  }

  private void postpone() {
    deadline = world.now() + world.between(TIMEOUT, 2 * TIMEOUT);
  }

  private void tick() {
    node.process()
        .after(
            deadline - world.now(),
            () -> {
              if (world.now() >= deadline) {
                postpone();
                if (node.lead() == null) {
                  rehearse();
                }
              }
              tick();
            });
  }

  /** The leader is there. */
  void heard() {
    heardAt = world.now();
    postpone();
  }

  /** What was asked for is of no more interest. */
  void over() {
    rehearsing = false;
    standing = false;
  }

  private void rehearse() {
    if (node.members().contains(node.id())) {
      rehearsing = true;
      standing = false;
      votes.clear();
      ask(node.term() + 1, true);
      count(node.id());
    }
  }

  /** Asks for votes in the next term, its own vote being safe. */
  public void stand() {
    if (node.lead() != null || !node.members().contains(node.id())) {
      return;
    }
    postpone();
    node.follow(node.term(), RaftNode.NOBODY);
    node.vote(node.term() + 1, node.id());
    standing = true;
    votes.clear();
    node.whenSynced(
        () -> {
          if (standing) {
            ask(node.term(), false);
            count(node.id());
          }
        });
  }

  private void ask(long term, boolean rehearsal) {
    for (int member : node.members()) {
      if (member != node.id()) {
        node.send(
            member,
            new RaftMessage.Ask(term, rehearsal, node.log().lastIndex(), node.log().lastTerm()));
      }
    }
  }

  void asked(int from, RaftMessage.Ask ask) {
    boolean complete =
        ask.lastTerm() > node.log().lastTerm()
            || (ask.lastTerm() == node.log().lastTerm()
                && ask.lastIndex() >= node.log().lastIndex())
            || node.injectedBug().has(BugSwitch.STALE_LOG_GETS_VOTES);
    if (ask.rehearsal()) {
      boolean silence = node.lead() == null && world.now() - heardAt >= TIMEOUT;
      boolean granted = complete && silence && ask.term() > node.term();
      node.sendWhenSynced(
          from, new RaftMessage.Vote(granted ? ask.term() : node.term(), true, granted));
      return;
    }
    boolean free =
        node.votedFor() == RaftNode.NOBODY
            || node.votedFor() == from
            || node.injectedBug().has(BugSwitch.VOTES_TWICE);
    boolean granted = complete && free && node.lead() == null && ask.term() == node.term();
    if (granted) {
      node.vote(node.term(), from);
      postpone();
    }
    node.sendWhenSynced(from, new RaftMessage.Vote(node.term(), false, granted));
  }

  void answered(int from, RaftMessage.Vote vote) {
    if (!vote.granted()) {
      if (vote.term() > node.term()) {
        node.follow(vote.term(), RaftNode.NOBODY);
      }
      return;
    }
    boolean rehearsed = rehearsing && vote.rehearsal() && vote.term() == node.term() + 1;
    boolean elected = standing && !vote.rehearsal() && vote.term() == node.term();
    if (rehearsed || elected) {
      count(from);
    }
  }

  private void count(int voter) {
    votes.add(voter);
    if (node.majority(votes.size())) {
      if (standing) {
        node.elected();
      } else if (rehearsing) {
        stand();
      }
    }
  }
}
