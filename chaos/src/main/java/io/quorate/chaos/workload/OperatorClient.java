package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Op;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A client of the operator API with several operations in flight, each to any of the masters. */
abstract class OperatorClient extends WorkloadClient {
  private static final int IN_FLIGHT_MAX = 4;

  final OperatorApi operator = new OperatorApi();
  private final ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT_MAX);
  private final Semaphore free = new Semaphore(IN_FLIGHT_MAX);
  private SplittableRandom random;
  private Rate due;

  /**
   * What chance says of one operation.
   *
   * @param number any, at least 0
   */
  record Choice(String master, int number) {}

  /** Does one operation. Any thread. */
  abstract void operate(Choice choice);

  @Override
  final void begin() {
    random = new SplittableRandom(seed);
    due = new Rate(rate, System.nanoTime());
  }

  @Override
  final void tick(Phase phase) {
    while (phase == Phase.WORK && free.tryAcquire()) {
      if (due.take(1, System.nanoTime()) == 0) {
        free.release();
        return;
      }
      Choice choice =
          new Choice(masters.get(random.nextInt(masters.size())), random.nextInt(1 << 20));
      threads.execute(
          () -> {
            try {
              operate(choice);
            } finally {
              free.release();
            }
          });
    }
  }

  final void complete(long id, String f, String key, JsonNode value, OperatorApi.Answer answer) {
    Op.Type type =
        switch (answer.outcome()) {
          case OK -> Op.Type.OK;
          case FAIL -> Op.Type.FAIL;
          case INFO -> Op.Type.INFO;
        };
    recorder.complete(id, type, f, key, value, answer.why());
  }

  @Override
  final boolean isDone() {
    return free.availablePermits() == IN_FLIGHT_MAX;
  }

  @Override
  final void end() {
    threads.shutdown();
  }
}
