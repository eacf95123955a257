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

  /**
   * How far each member is; asks them, for a second at most. A member that was just added may be
   * missing for a moment.
   */
  CompletableFuture<List<MemberProgress>> progress();

  /**
   * Hands the lead to another member, or to the best one where {@code member} is null.
   *
   * @return completes when another leads; fails with {@link NotLeaderException}, with {@link
   *     MembershipException} if this member leads on, with {@link OutcomeUnknownException} if
   *     nobody leads after three election time-outs
   */
  CompletableFuture<Void> transferLeadership(String member);

  /**
   * Makes the members exactly these, {@code host:port} of their Raft ports. Leader only. Where the
   * leader is not among them it hands over to one that is, if there is one, and the call is to be
   * repeated there.
   *
   * @return completes when the change is committed by the majority of the new members; fails with
   *     {@link NotLeaderException} or {@link MembershipException} if nothing was changed, with
   *     {@link OutcomeUnknownException} if the lead was lost meanwhile
   */
  CompletableFuture<Void> changeMembers(List<String> members);

  /** Writes a snapshot of this member now and lets the log before it go. */
  CompletableFuture<Void> snapshot();

  /** An orderly stop: the lead is handed over first. */
  @Override
  void close();
}
