package io.quorate.agent.docker;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives up what takes too long: the transport has no time-outs of its own on a Unix socket. Its
 * thread is interrupted, which closes the connection that it waits on.
 */
final class BoundedCall {
  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "docker-watch");
            thread.setDaemon(true);
            return thread;
          });

  private final Thread caller = Thread.currentThread();
  private boolean done;
  private boolean expired;

  private BoundedCall() {}

  /** What may wait. */
  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Does it on the calling thread.
   *
   * @throws IOException what it throws, or that it was given up
   */
  static <T> T run(Duration bound, Work<T> work) throws IOException {
    BoundedCall call = new BoundedCall();
    Future<?> watch = WATCH.schedule(call::expire, bound.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return work.run();
    } catch (IOException | RuntimeException e) {
      if (call.over()) {
        throw new Late(bound, e);
      }
      throw e;
    } finally {
      watch.cancel(false);
      if (call.over()) {
        // The interruption was meant for the call, which is over.
        var unused = Thread.interrupted();
      }
    }
  }

  /** It was given up. */
  static final class Late extends IOException {
    private static final long serialVersionUID = 1;

    Late(Duration bound, Exception cause) {
      super("nothing came within " + bound.toMillis() + " ms", cause);
    }
  }

  private synchronized void expire() {
    if (!done) {
      expired = true;
      caller.interrupt();
    }
  }

  /** It will not be interrupted from now on; whether it was. */
  private synchronized boolean over() {
    done = true;
    return expired;
  }
}
