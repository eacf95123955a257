package io.quorate.master.leader;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which the leader's loop lives. Whoever has something for the loop hands it over
 * with {@link #execute}; whatever changes the loop's fields asks {@link #check} first, so that a
 * call from another thread is found where it happens.
 */
final class CoreThread {
  private static final Logger LOG = LoggerFactory.getLogger(CoreThread.class);

  private final ScheduledExecutorService executor;

  /** The thread while it runs a task of the loop; else null. */
  private volatile Thread running;

  /** Takes an executor of one thread, which is the loop's own from here on. */
  CoreThread(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /**
   * Runs a task after those that were handed over before. Any thread may call it.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the loop was closed
   */
  void execute(Runnable task) {
    executor.execute(() -> run(task));
  }

  /** Runs a task again and again, this many milliseconds after it ended. */
  void every(long millis, Runnable task) {
    executor.scheduleWithFixedDelay(() -> run(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** A failure on the core thread is a bug: it is told, and does not end the thread. */
  private void run(Runnable task) {
    running = Thread.currentThread();
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("The core thread met an error", e);
    } finally {
      running = null;
    }
  }

  /**
   * Fails unless the core thread is the one that asks.
   *
   * @throws IllegalStateException if it is another
   */
  void check() {
    if (running != Thread.currentThread()) {
      throw new IllegalStateException(
          "only the core thread may do this, and not " + Thread.currentThread().getName());
    }
  }

  void close() {
    executor.shutdown();
  }
}
