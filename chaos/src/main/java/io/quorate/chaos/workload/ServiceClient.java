package io.quorate.chaos.workload;

import io.quorate.chaos.history.Json;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * A framework that keeps a number of long-running tasks: its rate is that number. Now and then it
 * kills one, and has to replace it. It spreads them over the agents that offer, so that one that is
 * new gets some.
 */
@Command(name = "service")
public final class ServiceClient extends LaunchClient {
  private static final double SECONDS = 3600;
  private static final Duration SAID_EVERY = Duration.ofMillis(500);

  private static final Duration OFFERS_ANEW = Duration.ofSeconds(5);

  /** More than on another agent. */
  private static final int MORE_MAX = 1;

  private final Map<String, Long> offered = new HashMap<>();
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
  int due(Offer offer, int room) {
    long now = System.nanoTime();
    offered.put(offer.getAgentId().getValue(), now);
    // An agent without room, or that is away, offers nothing.
    offered.values().removeIf(at -> now - at > OFFERS_ANEW.toNanos());
    long fewest = offered.keySet().stream().mapToLong(this::tasksOn).min().orElse(0);
    if (tasksOn(offer.getAgentId().getValue()) > fewest + MORE_MAX) {
      return 0;
    }
    // One that was asked to go is replaced once it went: what is reported is what is there.
    return Math.max(0, Math.min(room, wanted() - book.open().size()));
  }

  private long tasksOn(String agent) {
    return book.open().stream().filter(entry -> entry.agent.equals(agent)).count();
  }

  @Override
  void tick(Phase phase) {
    super.tick(phase);
    long now = System.nanoTime();
    if (phase == Phase.WORK && now - saidNanos > SAID_EVERY.toNanos()) {
      saidNanos = now;
      long running =
          book.open().stream().filter(entry -> entry.state == TaskState.TASK_RUNNING).count();
      recorder.event(
          "instances", "", Json.object().put("running", running).put("wanted", wanted()));
    }
  }
}
