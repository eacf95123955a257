package io.quorate.chaos.simulate.raft;

import java.util.List;

/** What members say to one another; each names its sender's term. */
sealed interface RaftMessage {
  long term();

  /**
   * Asks for a vote.
   *
   * @param rehearsal whether only asked what the answer would be (pre-vote)
   */
  record Ask(long term, boolean rehearsal, long lastIndex, long lastTerm) implements RaftMessage {}

  record Vote(long term, boolean rehearsal, boolean granted) implements RaftMessage {}

  /**
   * Entries after a position; without any it is a heartbeat.
   *
   * @param sentAt comes back with the answer
   */
  record Append(
      long term,
      long prevIndex,
      long prevTerm,
      List<RaftEntry> entries,
      long committed,
      long sentAt)
      implements RaftMessage {}

  /**
   * @param index taken: what is known to match; not taken: where the leader may try
   */
  record Appended(long term, boolean taken, long index, long sentAt) implements RaftMessage {}

  record Install(long term, RaftSnapshot snapshot, long sentAt) implements RaftMessage {}

  /** The lead is handed over: ask for votes at once. */
  record StandNow(long term) implements RaftMessage {}
}
