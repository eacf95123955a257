package io.quorate.agent.check;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when a probe is made: after a delay, then an interval after each answer. It is used on the
 * core thread only.
 */
final class CheckSchedule {
  private static final Logger LOG = LoggerFactory.getLogger(CheckSchedule.class);

  private final Probe probe;
  private final Duration interval;
  private final LongSupplier clock;
  private final Consumer<Runnable> core;
  private final Consumer<Probe.Result> then;
  private long nextNanos;
  private boolean looking;
  private boolean stopped;

  CheckSchedule(
      Probe probe,
      Duration delay,
      Duration interval,
      LongSupplier clock,
      Consumer<Runnable> core,
      Consumer<Probe.Result> then) {
    this.probe = probe;
    this.interval = interval;
    this.clock = clock;
    this.core = core;
    this.then = then;
    this.nextNanos = clock.getAsLong() + delay.toNanos();
  }

  void tick(long now) {
    if (stopped || looking || now - nextNanos < 0) {
      return;
    }
    looking = true;
    try {
      probe.look(result -> core.accept(() -> took(result)));
    } catch (RuntimeException e) {
      LOG.warn("A check was not done", e);
      took(Probe.Result.none(e.toString()));
    }
  }

  private void took(Probe.Result result) {
    looking = false;
    nextNanos = clock.getAsLong() + interval.toNanos();
    if (!stopped) {
      then.accept(result);
    }
  }

  void stop() {
    stopped = true;
  }
}
