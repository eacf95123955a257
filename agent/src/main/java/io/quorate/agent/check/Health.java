package io.quorate.agent.check;

import io.quorate.protocol.v1.HealthCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * Judges the results of a health check (Mesos 4.13; CP-353 to CP-355). It is used on the core
 * thread only.
 */
final class Health {
  private static final int FINE_MIN = 200;
  private static final int FINE_MAX = 399;

  private final HealthCheck check;
  private final long graceNanos;
  private boolean everHealthy;
  private Boolean told;
  private int failures;

  Health(HealthCheck check, long nowNanos) {
    this.check = check;
    Duration grace = TaskChecks.seconds(check.getGracePeriodSeconds());
    this.graceNanos = nowNanos + grace.toNanos();
  }

  /**
   * What is to be told about a task's health.
   *
   * @param kill whether the task is to be ended
   */
  record News(boolean healthy, boolean kill, String why) {}

  /** Takes a result, and returns what is to be told; empty where nothing is. */
  Optional<News> took(Probe.Result result, long nowNanos) {
    if (fine(result)) {
      boolean news = told == null || !told;
      everHealthy = true;
      told = true;
      failures = 0;
      return news ? Optional.of(new News(true, false, "")) : Optional.empty();
    }
    if (!everHealthy && nowNanos - graceNanos < 0) {
      return Optional.empty();
    }
    failures++;
    told = false;
    return Optional.of(new News(false, failures >= check.getConsecutiveFailures(), result.why()));
  }

  private boolean fine(Probe.Result result) {
    if (result.value().isEmpty()) {
      return false;
    }
    int value = result.value().getAsInt();
    return switch (check.getType()) {
      case COMMAND -> value == 0;
      case HTTP -> value >= FINE_MIN && value <= FINE_MAX;
      default -> value == 1;
    };
  }
}
