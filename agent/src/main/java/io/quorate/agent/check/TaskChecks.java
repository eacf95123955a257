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

/** The check and the health check of one task, while it runs. Core thread only. */
public final class TaskChecks {
  private static final double MILLIS = 1000;

  private final List<CheckSchedule> rhythms = new ArrayList<>();
  private final Told told;
  private CheckStatusInfo latest = CheckStatusInfo.getDefaultInstance();

  /** Who is told. */
  public interface Told {
    /** A change, or another failure. */
    void health(boolean healthy, boolean kill, String why);

    /** Another result than before. */
    void checked(CheckStatusInfo status);
  }

  /**
   * Begins.
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
      Told told) {
    this.told = told;
    if (task.hasHealthCheck()) {
      HealthCheck check = task.getHealthCheck();
      Health health = new Health(check, clock.getAsLong());
      rhythms.add(
          new CheckSchedule(
              probes.of(check, target),
              seconds(check.getDelaySeconds()),
              seconds(check.getIntervalSeconds()),
              clock,
              core,
              result ->
                  health
                      .took(result, clock.getAsLong())
                      .ifPresent(news -> told.health(news.healthy(), news.kill(), news.why()))));
    }
    if (task.hasCheck()) {
      CheckInfo check = task.getCheck();
      latest = none(check);
      rhythms.add(
          new CheckSchedule(
              probes.of(check, target),
              seconds(check.getDelaySeconds()),
              seconds(check.getIntervalSeconds()),
              clock,
              core,
              result -> took(check, result)));
    }
  }

  /** A length of time as checks tell it. */
  static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.round(Math.min(seconds, Integer.MAX_VALUE) * MILLIS));
  }

  /** What is known before the first result, and after one that did not come. */
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
      told.checked(latest);
    }
  }

  /** Looks where it is time to. */
  public void tick(long nowNanos) {
    rhythms.forEach(each -> each.tick(nowNanos));
  }

  /** Nothing is told any more. */
  public void stop() {
    rhythms.forEach(CheckSchedule::stop);
  }
}
