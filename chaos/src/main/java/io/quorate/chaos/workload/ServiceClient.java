package io.quorate.chaos.workload;

import io.quorate.chaos.history.Json;
import io.quorate.protocol.v1.TaskState;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * A framework that keeps a number of long-running tasks: its rate is that number. Now and then it
 * kills one, and has to replace it.
 */
@Command(name = "service")
public final class ServiceClient extends LaunchClient {
  private static final double SECONDS = 3600;
  private static final Duration SAID_EVERY = Duration.ofMillis(500);

  private long saidNanos;

  public static void main(String[] args) {
    System.exit(new CommandLine(new ServiceClient()).execute(args));
  }

  private int wanted() {
    return (int) Math.ceil(rate);
  }

  @Override
  double killsPerSecond() {
    return 0.5;
  }

  @Override
  double seconds() {
    return SECONDS;
  }

  @Override
  int due(int room) {
    // One that was asked to go is replaced once it went: what is reported is what is there.
    return Math.max(0, Math.min(room, wanted() - book.open().size()));
  }

  @Override
  void tick(Phase phase) {
    super.tick(phase);
    long now = System.nanoTime();
    if (phase == Phase.WORK && now - saidNanos > SAID_EVERY.toNanos()) {
      saidNanos = now;
      long running =
          book.open().stream().filter(each -> each.state == TaskState.TASK_RUNNING).count();
      recorder.event(
          "instances", "", Json.object().put("running", running).put("wanted", wanted()));
    }
  }
}
