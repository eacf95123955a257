package io.quorate.log.raft;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/** The threads of one member, all bounded. */
final class Pools implements AutoCloseable {
  private final ExecutorService raft;
  private final ExecutorService answers;
  private final ScheduledExecutorService roles;

  Pools(String member) {
    raft = Threads.pool("raft-" + member, 8, 10_000);
    answers = Threads.pool("raft-answers-" + member, 1, 100_000);
    roles = Threads.scheduler("raft-roles-" + member);
  }

  ExecutorService raft() {
    return raft;
  }

  ExecutorService answers() {
    return answers;
  }

  ScheduledExecutorService roles() {
    return roles;
  }

  @Override
  public void close() {
    raft.shutdown();
    answers.shutdown();
    roles.shutdownNow();
  }
}
