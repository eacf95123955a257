package io.quorate.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A log of opaque entries that a quorum of members agrees on (Raft), together with the rows that a
 * {@link StateMachine} derives from it.
 *
 * <p>Entries are applied in index order, on one thread, on every member. An entry that was
 * acknowledged is on stable storage of a majority and is never taken back.
 */
public interface ReplicatedLog extends AutoCloseable {

  /**
   * Proposes one entry. May be called from one thread at a time; order of calls is order in the
   * log.
   *
   * @param term the term in which the caller leads, as given to {@link RoleListener#onLeading}; an
   *     entry of another term is refused, so that what was decided under one leadership is never
   *     committed under another
   * @return completes with the entry's position after it was committed and applied here; fails with
   *     {@link NotLeaderException} if it certainly is not and never will be in the log, with {@link
   *     OutcomeUnknownException} if that cannot be told, with {@link OverloadedException} if too
   *     much is in flight (certainly not appended). Never completed on the thread that applies.
   */
  CompletableFuture<Position> append(long term, byte[] payload);

  /**
   * A linearizable read (Raft thesis 6.4, read index): completes with an index that is applied here
   * and that covers everything committed before the call.
   */
  CompletableFuture<Long> readBarrier();

  /**
   * The rows as they are now, for readers of any thread: those of every entry that was applied
   * before the call, and perhaps of later ones.
   */
  RowReader rows();

  /** What this member knows now. Any thread. */
  LogStatus status();

  /** Hands the lead to another member, or to the best one where {@code member} is null. */
  CompletableFuture<Void> transferLeadership(String member);

  /** Makes the members exactly these, {@code host:port} of their Raft ports. Leader only. */
  CompletableFuture<Void> changeMembers(List<String> members);

  /** Writes a snapshot now and lets the log before it go. */
  CompletableFuture<Void> snapshot();

  /** An orderly stop: the lead is handed over first. */
  @Override
  void close();
}
