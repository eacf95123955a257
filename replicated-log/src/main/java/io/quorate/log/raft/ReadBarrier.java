package io.quorate.log.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.error.RaftError;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import java.util.concurrent.CompletableFuture;

/** Read-index (Raft dissertation 6.4): a majority says that the leader still leads. */
final class ReadBarrier {
  private ReadBarrier() {}

  /** Completes with an index once all up to it is applied here. */
  static CompletableFuture<Long> ask(Node node, Pools pools) {
    CompletableFuture<Long> barrier = new CompletableFuture<>();
    node.readIndex(
        new byte[0],
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            pools
                .answers()
                .execute(
                    () -> {
                      if (status.isOk()) {
                        barrier.complete(index);
                      } else {
                        barrier.completeExceptionally(
                            status.getRaftError() == RaftError.EBUSY
                                ? new OverloadedException(status.toString())
                                : new NotLeaderException(status.toString()));
                      }
                    });
          }
        });
    return barrier;
  }
}
