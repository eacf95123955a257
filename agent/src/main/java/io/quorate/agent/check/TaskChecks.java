package io.quorate.agent.check;

import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.CheckStatusInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.TaskInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The check and the health check of one task, while it runs (Mesos 4.13). It is used on the core
 * thread only.
 */
public final class TaskChecks {
  private static final double MILLIS = 1000;

  private final List<CheckSchedule> schedules = new ArrayList<>();
  private final Observer observer;
  private CheckStatusInfo latest = CheckStatusInfo.getDefaultInstance();

  /** Is told what the checks find, on the core thread. */
  public interface Observer {
    /**
     * The health changed, or the check failed once more.
     *
     * @param kill whether it failed as often as the task allows
     * @param why a clause for the status's message; empty where it is healthy
     */
    void health(boolean healthy, boolean kill, String why);

    /** The check has another result than before. */
    void checked(CheckStatusInfo status);
  }

  /**
   * Begins the checks that the task describes.
   *
   * @param clock for durations, in nanoseconds
   * @param core runs things on the core thread
   */
  public TaskChecks(
      Probes probes,
      TaskInfo task,
      Target target,
      LongSupplier clock,
      Consumer<Runnable> core,
      Observer observer) {
    this.observer = observer;
    if (task.hasHealthCheck()) {
      HealthCheck check = task.getHealthCheck();
      Health health = new Health(check, clock.getAsLong());
      schedules.add(
          new CheckSchedule(
              probes.of(check, target),
              seconds(check.getDelaySeconds()),
              seconds(check.getIntervalSeconds()),
              clock,
              core,
              result ->
                  health
                      .took(result, clock.getAsLong())
                      .ifPresent(
                          news -> observer.health(news.healthy(), news.kill(), news.why()))));
    }
    if (task.hasCheck()) {
      CheckInfo check = task.getCheck();
      latest = none(check);
      schedules.add(
          new CheckSchedule(
              probes.of(check, target),
              seconds(check.getDelaySeconds()),
              seconds(check.getIntervalSeconds()),
              clock,
              core,
              result -> took(check, result)));
    }
  }

  /** Converts a length of time as checks tell it; at most 68 years, rounded to milliseconds. */
  public static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(Math.min(seconds, Integer.MAX_VALUE) * MILLIS));
  }

  /** Returns what is known before the first result, and after one that did not come. */
  public static CheckStatusInfo none(CheckInfo check) {
    CheckStatusInfo.Builder status = CheckStatusInfo.newBuilder().setType(check.getType());
    switch (check.getType()) {
      case COMMAND -> status.setCommand(CheckStatusInfo.Command.getDefaultInstance());
      case HTTP -> status.setHttp(CheckStatusInfo.Http.getDefaultInstance());
      default -> status.setTcp(CheckStatusInfo.Tcp.getDefaultInstance());
    }
    return status.build();
  }

  private void took(CheckInfo check, Probe.Result result) {
    CheckStatusInfo.Builder status = none(check).toBuilder();
    result
        .value()
        .ifPresent(
            value -> {
              switch (check.getType()) {
                case COMMAND -> status.getCommandBuilder().setExitCode(value);
                case HTTP -> status.getHttpBuilder().setStatusCode(value);
                default -> status.getTcpBuilder().setSucceeded(value == 1);
              }
            });
    if (!status.build().equals(latest)) {
      latest = status.build();
      observer.checked(latest);
    }
  }

  /**
   * Does the checks that are due.
   *
   * @param nowNanos the time on the clock of durations
   */
  public void tick(long nowNanos) {
    schedules.forEach(schedule -> schedule.tick(nowNanos));
  }

  /** Ends the checks: nothing is told any more. */
  public void stop() {
    schedules.forEach(CheckSchedule::stop);
  }
}
