package io.quorate.log.raft;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.Message;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Standing for election without waiting for the time-out, by the request that JRaft has for it. */
final class Elections {
  private static final Logger LOG = LoggerFactory.getLogger(Elections.class);
  private static final long STAGGER_MILLIS = 150;
  private static final int ATTEMPTS_MAX = 4;

  private Elections() {}

  /**
   * Stands for election, unless somebody leads by then.
   *
   * <p>A candidate before this member may have raised the term and lost, since it lacked the last
   * entries. JRaft refuses the request with the old term and tells the new one; if after one more
   * stagger there is still no leader, this member stands in that one. It must not in the first
   * moment: the candidate may be winning.
   *
   * @param term the one in which the leader was heard last
   * @return whether it stood
   */
  static CompletableFuture<Boolean> standAfter(
      Pools pools, NodeImpl node, long term, String gone, long rank) {
    CompletableFuture<Boolean> stood = new CompletableFuture<>();
    schedule(new Attempt(pools, node, term, gone, ATTEMPTS_MAX, stood), rank * STAGGER_MILLIS);
    return stood;
  }

  private static void schedule(Attempt attempt, long millis) {
    var unused =
        attempt.pools.roles().schedule(() -> stand(attempt), millis, TimeUnit.MILLISECONDS);
  }

  private static void stand(Attempt attempt) {
    NodeImpl node = attempt.node;
    PeerId leader = node.getLeaderId();
    boolean leaderless = leader == null || leader.isEmpty();
    // In a later term the one who was gone is back, and was elected.
    boolean stillGone =
        !leaderless
            && attempt.left == ATTEMPTS_MAX
            && leader.getEndpoint().toString().equals(attempt.gone);
    if (!leaderless && !stillGone) {
      attempt.stood.complete(false);
      return;
    }
    OptionalLong raised = request(node, attempt.term);
    if (raised.isEmpty()) {
      LOG.info("The process of the leader {} is gone: stood for election at once", attempt.gone);
      attempt.stood.complete(true);
    } else if (raised.getAsLong() > attempt.term && attempt.left > 1) {
      schedule(attempt.in(raised.getAsLong()), STAGGER_MILLIS);
    } else {
      attempt.stood.complete(false);
    }
  }

  /** Empty if the node stands; otherwise the term that it is in. */
  private static OptionalLong request(NodeImpl node, long term) {
    PeerId self = node.getNodeId().getPeerId();
    TimeoutNowRequest request =
        TimeoutNowRequest.newBuilder()
            .setGroupId(node.getGroupId())
            .setServerId(self.toString())
            .setPeerId(self.toString())
            .setTerm(term)
            .build();
    Message refusal =
        node.handleTimeoutNowRequest(
            request,
            new RpcRequestClosure(new NoAnswer(), TimeoutNowResponse.getDefaultInstance()));
    return refusal instanceof TimeoutNowResponse response
        ? OptionalLong.of(response.getTerm())
        : OptionalLong.empty();
  }

  /** Waits until somebody else leads, or the time is over. */
  static void awaitAnother(NodeImpl node, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (node.isLeader(false) && System.nanoTime() < deadline) {
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /**
   * One try of {@code left}, in this term.
   *
   * @param stood told at the end
   */
  private record Attempt(
      Pools pools,
      NodeImpl node,
      long term,
      String gone,
      int left,
      CompletableFuture<Boolean> stood) {
    Attempt in(long newTerm) {
      return new Attempt(pools, node, newTerm, gone, left - 1, stood);
    }
  }

  /** Nobody waits for the answer. */
  private static final class NoAnswer implements RpcContext {
    @Override
    public void sendResponse(Object response) {}

    @Override
    public Connection getConnection() {
      return null;
    }

    @Override
    public String getRemoteAddress() {
      return "";
    }
  }
}
