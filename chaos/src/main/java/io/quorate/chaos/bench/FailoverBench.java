package io.quorate.chaos.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long nothing can be committed after the leader was killed. */
final class FailoverBench {
  private static final long RETRY_MILLIS = 5;

  private FailoverBench() {}

  /** Milliseconds of each kill, ascending. */
  static List<Long> run(Subject subject, int kills) throws Exception {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      untilWritten(subject);
      subject.killLeader();
      long start = System.nanoTime();
      untilWritten(subject);
      all.add((System.nanoTime() - start) / 1_000_000);
      subject.heal();
    }
    Collections.sort(all);
    return all;
  }

  private static void untilWritten(Subject subject) throws InterruptedException {
    while (!subject.write().join()) {
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
  }
}
