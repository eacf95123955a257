package io.quorate.driver.mesos.scheduler;

import java.util.Optional;
import java.util.function.Consumer;

/** A callback that is due. */
public final class SchedulerCallback {
  private final Consumer<SchedulerSink> call;
  private final Optional<byte[]> acknowledgement;
  private final boolean last;

  SchedulerCallback(Consumer<SchedulerSink> call, Optional<byte[]> acknowledgement, boolean last) {
    this.call = call;
    this.acknowledgement = acknowledgement;
    this.last = last;
  }

  /** Makes it. */
  public void to(SchedulerSink sink) {
    call.accept(sink);
  }

  /** The call that is due once it returned normally, if it was an update to acknowledge. */
  Optional<byte[]> acknowledgement() {
    return acknowledgement;
  }

  /** Whether it is the one that is made although the driver was aborted. */
  boolean last() {
    return last;
  }
}
