package io.quorate.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent's one thread and its queue. */
final class AgentLoop {
  private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
  private static final int QUEUE_MAX = 100_000;
  private static final int BATCH_MAX = 1_000;
  private static final long TICK_MILLIS = 50;

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(QUEUE_MAX);

  /** Hands something to the core thread. Any thread. */
  void post(Runnable event) {
    if (!queue.offer(event)) {
      // Rather die and recover from the journal than lose what happened.
      LOG.error("More than {} events wait: the agent stops", QUEUE_MAX);
      Runtime.getRuntime().halt(70);
    }
  }

  /** Runs a core that has recovered until it is stopped. */
  void run(AgentCore core) {
    List<Runnable> batch = new ArrayList<>();
    try {
      core.settle();
      while (!core.stopped()) {
        Runnable first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_MAX);
        }
        core.take(batch);
        batch.clear();
        core.settle();
        core.sendDue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | UncheckedIOException e) {
      LOG.error("The journal cannot be written: the agent stops", e);
      Runtime.getRuntime().halt(70);
    }
  }
}
