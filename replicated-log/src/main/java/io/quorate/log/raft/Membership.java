package io.quorate.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.error.RaftError;
import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.MembershipException;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.transport.PeerWatch;
import io.quorate.log.wire.ProgressAnswer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Who is in the quorum and who leads it: what an operator may change.
 *
 * <p>A change is one entry under both the old and the new majority (joint consensus), after those
 * who are added have caught up. If the new majority could not be had, nothing could be committed
 * any more, not even the way back; so it is looked at first.
 */
final class Membership {
  /** Entries that a member may be behind and count as one that keeps up: JRaft's margin, too. */
  static final long LAG_MAX = 1_000;

  private static final long POLL_MILLIS = 20;
  private static final String REMEDY =
      "start a member that is to be added to a quorum without first members (--join)";

  private final NodeImpl node;
  private final PeerWatch watch;
  private final Pools pools;
  private final Duration electionTimeout;
  private final Supplier<LogStatus> status;

  Membership(
      NodeImpl node,
      PeerWatch watch,
      Pools pools,
      Duration electionTimeout,
      Supplier<LogStatus> status) {
    this.node = node;
    this.watch = watch;
    this.pools = pools;
    this.electionTimeout = electionTimeout;
    this.status = status;
  }

  /**
   * A first member that is blank must be one for the others, too: if they are in a quorum already,
   * it would begin a second one with whoever else was started by the wrong list, and drag them in.
   *
   * @throws IOException if that is so, or the member is not in its own list
   */
  static void checkFirst(NodeIdentity identity, LogOptions options, PeerWatch watch)
      throws IOException {
    List<String> first = options.members();
    if (first.isEmpty() || !identity.blank()) {
      return;
    }
    if (!first.contains(options.member())) {
      throw new IOException(
          options.member() + " is not among the first members " + first + "; " + REMEDY);
    }
    List<CompletableFuture<List<String>>> answers =
        first.stream()
            .filter(peer -> !peer.equals(options.member()))
            .map(watch::membersAt)
            .toList();
    for (CompletableFuture<List<String>> answer : answers) {
      List<String> members = answer.join();
      if (!members.isEmpty() && !members.contains(options.member())) {
        throw new IOException(
            "there is a quorum of "
                + members
                + " already, without "
                + options.member()
                + "; "
                + REMEDY);
      }
    }
  }

  /** What this member tells others of itself; {@code node} is null while it is opened. */
  static ProgressAnswer answer(long appliedIndex, NodeImpl node, List<String> members) {
    ProgressAnswer.Builder answer = ProgressAnswer.newBuilder().setAppliedIndex(appliedIndex);
    if (node != null && node.getLastLogIndex() > 0) {
      answer.addAllMembers(members);
    }
    return answer.build();
  }

  /** Asks every member, each for a second at most. */
  CompletableFuture<List<MemberProgress>> progress() {
    LogStatus now = status.get();
    List<CompletableFuture<MemberProgress>> all = new ArrayList<>();
    for (String member : now.members()) {
      all.add(
          (member.equals(now.member())
                  ? CompletableFuture.completedFuture(OptionalLong.of(now.appliedIndex()))
                  : watch.appliedIndex(member))
              .thenApply(index -> new MemberProgress(member, index)));
    }
    return CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0]))
        .thenApplyAsync(
            done -> all.stream().map(CompletableFuture::join).toList(), pools.answers());
  }

  CompletableFuture<Void> change(List<String> wanted) {
    if (wanted.isEmpty()) {
      return refused("a quorum without members is none");
    }
    if (!node.isLeader(false)) {
      return CompletableFuture.failedFuture(new NotLeaderException("This member does not lead"));
    }
    return progress().thenCompose(now -> change(wanted, now));
  }

  private CompletableFuture<Void> change(List<String> wanted, List<MemberProgress> now) {
    LogStatus self = status.get();
    List<MemberProgress> keepUp =
        now.stream()
            .filter(member -> wanted.contains(member.member()))
            .filter(member -> member.appliedIndex().isPresent())
            .filter(member -> member.appliedIndex().getAsLong() >= self.appliedIndex() - LAG_MAX)
            .toList();
    // Those who are added must catch up before they count: JRaft sees to that.
    long added =
        wanted.stream()
            .filter(name -> now.stream().noneMatch(member -> member.member().equals(name)))
            .count();
    if (keepUp.size() + added <= wanted.size() / 2) {
      return refused(
          "of the %d members there would be, only %d answer and keep up: the quorum would be lost"
              .formatted(wanted.size(), keepUp.size() + added));
    }
    Optional<String> heir =
        keepUp.stream()
            .max(Comparator.comparingLong(member -> member.appliedIndex().orElse(0)))
            .map(MemberProgress::member);
    if (!wanted.contains(self.member()) && heir.isPresent()) {
      return transfer(heir.get())
          .thenCompose(
              done ->
                  CompletableFuture.failedFuture(
                      new NotLeaderException("handed over to " + heir.get() + ", which stays")));
    }
    Configuration configuration = new Configuration();
    wanted.forEach(member -> configuration.addPeer(NodeSettings.peer(member)));
    CompletableFuture<Void> changed = new CompletableFuture<>();
    node.changePeers(configuration, answer(changed));
    return changed;
  }

  private Closure answer(CompletableFuture<Void> future) {
    return result ->
        pools
            .answers()
            .execute(
                () -> {
                  if (result.isOk()) {
                    future.complete(null);
                  } else {
                    future.completeExceptionally(why(result));
                  }
                });
  }

  private static RuntimeException why(Status status) {
    return switch (status.getRaftError()) {
      case EBUSY -> new MembershipException("another change is going on");
      case ECATCHUP ->
          new MembershipException(
              "a new member does not answer or does not keep up: " + status.getErrorMsg());
      // Also where the lead was lost half-way; the next leader may finish it.
      default -> new OutcomeUnknownException(status.toString());
    };
  }

  /** Completes when another leads. */
  CompletableFuture<Void> transfer(String member) {
    if (node.getNodeId().getPeerId().getEndpoint().toString().equals(member)) {
      return node.isLeader(false)
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new NotLeaderException("This member does not lead"));
    }
    if (member == null) {
      return begin(PeerId.ANY_PEER);
    }
    // JRaft would stop serving first and find out afterwards.
    return watch
        .appliedIndex(member)
        .thenComposeAsync(
            index ->
                index.isPresent()
                    ? begin(NodeSettings.peer(member))
                    : refused(member + " does not answer"),
            pools.answers());
  }

  private CompletableFuture<Void> begin(PeerId peer) {
    Status begun = node.transferLeadershipTo(peer);
    if (!begun.isOk()) {
      return begun.getRaftError() == RaftError.EPERM
          ? CompletableFuture.failedFuture(new NotLeaderException(begun.toString()))
          : refused("the lead cannot be handed over: " + begun.getErrorMsg());
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    // JRaft gives up after one election time-out, and leads again.
    poll(done, System.nanoTime() + 3 * electionTimeout.toNanos());
    return done;
  }

  private void poll(CompletableFuture<Void> done, long deadlineNanos) {
    PeerId leader = node.getLeaderId();
    boolean another =
        leader != null && !leader.isEmpty() && !leader.equals(node.getNodeId().getPeerId());
    if (another) {
      pools.answers().execute(() -> done.complete(null));
    } else if (node.isLeader(false)) {
      pools
          .answers()
          .execute(
              () ->
                  done.completeExceptionally(
                      new MembershipException("it did not take the lead, which stays here")));
    } else if (System.nanoTime() > deadlineNanos) {
      pools
          .answers()
          .execute(
              () -> done.completeExceptionally(new OutcomeUnknownException("nobody leads yet")));
    } else {
      var unused =
          pools
              .roles()
              .schedule(() -> poll(done, deadlineNanos), POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static CompletableFuture<Void> refused(String why) {
    return CompletableFuture.failedFuture(new MembershipException(why));
  }
}
