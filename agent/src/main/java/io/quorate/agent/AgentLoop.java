package io.quorate.agent;

import io.quorate.agent.store.AgentJournal;
import java.io.IOException;
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

  /** The exit status after a fault, as sysexits.h has it for software. */
  private static final int FAULT = 70;

  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
  private final AgentJournal journal;

  AgentLoop(AgentJournal journal) {
    this.journal = journal;
  }

  /** Hands something to the core thread. It may be called on any thread. */
  void post(Runnable event) {
    if (!queue.offer(event)) {
      // It is better to die and to recover from the journal than to lose what happened.
      LOG.error("More than {} events wait: the agent stops", QUEUE_MAX);
      Runtime.getRuntime().halt(FAULT);
    }
  }

  /**
   * Runs a core that has recovered until it is stopped. Whatever goes wrong on the core thread ends
   * the process: what is in the journal is taken up when it is started again.
   */
  void run(AgentCore core) {
    List<Runnable> batch = new ArrayList<>();
    try {
      settle(core);
      while (!core.stopped()) {
        Runnable first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_MAX);
        }
        core.take(batch);
        batch.clear();
        settle(core);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      LOG.error("The agent stops, for its core failed: {}", e.toString(), e);
      Runtime.getRuntime().halt(FAULT);
    }
  }

  /** Makes everything safe that was taken, and acts on it. */
  private void settle(AgentCore core) throws IOException {
    do {
      journal.sync();
    } while (core.act());
  }
}
