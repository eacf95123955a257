package io.quorate.chaos.bench;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A number of callers, each of which makes its next call when the last one was answered. */
final class ClosedLoop {
  private ClosedLoop() {}

  /** Times of all calls. */
  record Result(double perSecond, double p50Millis, double p99Millis) {}

  static Result run(Subject subject, int callers, int calls) {
    long[] nanos = new long[calls];
    AtomicInteger next = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    long start = System.nanoTime();
    CompletableFuture<?>[] all = new CompletableFuture<?>[callers];
    for (int i = 0; i < callers; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      all[i] = done;
      call(subject, nanos, next, failed, done);
    }
    CompletableFuture.allOf(all).join();
    double seconds = (System.nanoTime() - start) / 1e9;
    if (failed.get() > 0) {
      System.err.println(subject.name() + ": " + failed + " of " + calls + " calls failed");
    }
    Arrays.sort(nanos);
    return new Result(
        (calls - failed.get()) / seconds, nanos[calls / 2] / 1e6, nanos[calls * 99 / 100] / 1e6);
  }

  private static void call(
      Subject subject,
      long[] nanos,
      AtomicInteger next,
      AtomicInteger failed,
      CompletableFuture<Void> done) {
    int number = next.getAndIncrement();
    if (number >= nanos.length) {
      done.complete(null);
      return;
    }
    long start = System.nanoTime();
    subject
        .write()
        .thenAccept(
            committed -> {
              nanos[number] = System.nanoTime() - start;
              if (!committed) {
                failed.incrementAndGet();
              }
              call(subject, nanos, next, failed, done);
            });
  }
}
