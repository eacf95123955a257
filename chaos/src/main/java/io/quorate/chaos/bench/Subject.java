package io.quorate.chaos.bench;

import java.util.concurrent.CompletableFuture;

/** A quorum of three that is measured. */
interface Subject extends AutoCloseable {
  String name();

  /** One small write; completes with whether it is known to be committed. Never fails. */
  CompletableFuture<Boolean> write();

  /** {@code kill -9} of the leader. */
  void killLeader() throws Exception;

  /** Starts what was killed, and waits until all members are there again. */
  void heal() throws Exception;

  @Override
  void close() throws Exception;
}
