package io.quorate.driver.mesos.executor;

import java.util.function.Consumer;

/** A callback of an executor that is due. */
public final class ExecutorCallback {
  /** What follows from a callback besides it. */
  enum Then {
    NOTHING,
    /** The process is to end: it was told to shut down. */
    END_PROCESS,
    /** Made although the driver was aborted. */
    LAST
  }

  private final Consumer<ExecutorSink> call;
  private final Then then;

  ExecutorCallback(Consumer<ExecutorSink> call, Then then) {
    this.call = call;
    this.then = then;
  }

  /** Makes it. */
  public void to(ExecutorSink sink) {
    call.accept(sink);
  }

  Then then() {
    return then;
  }
}
