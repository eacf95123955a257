package io.quorate.log.raft;

import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Standing for election without waiting for the time-out, by the request that JRaft has for it. */
final class Elections {
  private static final Logger LOG = LoggerFactory.getLogger(Elections.class);
  private static final long STAGGER_MILLIS = 150;

  private Elections() {}

  /** Stands for election, unless somebody leads by then. */
  static void standAfter(RaftLog.Pools pools, NodeImpl node, long term, String gone, long rank) {
    var unused =
        pools
            .roles()
            .schedule(() -> stand(node, term, gone), rank * STAGGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static void stand(NodeImpl node, long term, String gone) {
    PeerId leader = node.getLeaderId();
    boolean stillLeaderless =
        leader == null || leader.isEmpty() || leader.getEndpoint().toString().equals(gone);
    if (!stillLeaderless) {
      return;
    }
    LOG.info("The process of the leader {} is gone: standing for election at once", gone);
    PeerId self = node.getNodeId().getPeerId();
    TimeoutNowRequest request =
        TimeoutNowRequest.newBuilder()
            .setGroupId(node.getGroupId())
            .setServerId(self.toString())
            .setPeerId(self.toString())
            .setTerm(term)
            .build();
    node.handleTimeoutNowRequest(
        request, new RpcRequestClosure(new NoAnswer(), TimeoutNowResponse.getDefaultInstance()));
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
