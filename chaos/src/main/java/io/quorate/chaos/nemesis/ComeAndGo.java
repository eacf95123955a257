package io.quorate.chaos.nemesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * An agent that nobody knew joins, on a machine of its own, has tasks, and goes for good: the
 * machines of a cluster are not the same ones forever. A master must neither miss it nor go on
 * counting it.
 */
final class ComeAndGo implements Nemesis {
  private static final Duration JOIN_MAX = Duration.ofSeconds(90);
  private static final Duration WORK_MAX = Duration.ofSeconds(60);
  private static final Duration DRAIN_MAX = Duration.ofSeconds(60);
  private static final int GRACE_SECONDS = 5;

  /** How it goes. */
  enum Way {
    /** In order, and told to: its tasks end, it is gone, and ends by itself. */
    DRAINED,
    /** SIGTERM, the machine is switched off, and an operator says that it is gone. */
    STOPPED,
    /** The same without a warning. */
    KILLED
  }

  private record Guest(ClusterNode agent, Way way) {}

  private final List<Guest> guests = new ArrayList<>();

  /** As the masters call those that have joined. */
  private final Map<ClusterNode, String> ids = new HashMap<>();

  /** The first by the seed, the others in their order: a few strikes show all. */
  private Optional<Way> next = Optional.empty();

  @Override
  public String name() {
    return "come-and-go";
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    Way[] ways = Way.values();
    Way way = next.orElseGet(() -> ways[random.nextInt(ways.length)]);
    next = Optional.of(ways[(way.ordinal() + 1) % ways.length]);
    ClusterNode agent = cluster.addAgent();
    // One that is late must go, too.
    guests.add(new Guest(agent, way));
    agent.start();
    var unused = id(cluster, agent);
    return agent + " has come, to be " + way.name().toLowerCase(Locale.ROOT);
  }

  /** Waits until it has joined. One that is half gone is not listed any more. */
  private String id(ChaosCluster cluster, ClusterNode agent) throws IOException {
    boolean joined =
        LocalCluster.await(
            JOIN_MAX,
            () -> {
              if (!ids.containsKey(agent)) {
                cluster.listed(agent).ifPresent(it -> ids.put(agent, it.path("id").asText()));
              }
              return ids.containsKey(agent);
            });
    if (!joined) {
      throw new IOException(agent + " does not join: see " + agent.directory() + "/daemon.log");
    }
    return ids.get(agent);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (Guest guest : List.copyOf(guests)) {
      boolean worked = LocalCluster.await(WORK_MAX, () -> hasWorked(guest.agent));
      go(cluster, guest);
      guests.remove(guest);
      if (!worked) {
        throw new IOException(guest.agent + " has gone, but never had a task");
      }
    }
  }

  /** Each task has a file for what it prints. */
  private static boolean hasWorked(ClusterNode agent) {
    try {
      return !agent.run("find work -name stdout | head -n 1").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private void go(ChaosCluster cluster, Guest guest) throws IOException {
    String id = id(cluster, guest.agent);
    switch (guest.way) {
      case DRAINED -> {
        guest.agent.mayEnd(true);
        ObjectNode drain = AgentOrders.about("DRAIN_AGENT", "drain_agent", id);
        ((ObjectNode) drain.get("drain_agent"))
            .put("mark_gone", true)
            .putObject("max_grace_period")
            .put("seconds", GRACE_SECONDS);
        AgentOrders.send(cluster, drain);
        // Nothing is done to its tasks: whatever of them is left is left by the agent.
        if (!LocalCluster.await(DRAIN_MAX, () -> !guest.agent.alive())) {
          throw new IOException(guest.agent + " was drained, and does not end");
        }
        cluster.retire(guest.agent);
      }
      case STOPPED -> {
        guest.agent.stop();
        leave(cluster, guest.agent);
        AgentOrders.markGone(cluster, id);
      }
      case KILLED -> {
        leave(cluster, guest.agent);
        AgentOrders.markGone(cluster, id);
      }
    }
  }

  /** As when its machine is switched off. */
  private static void leave(ChaosCluster cluster, ClusterNode agent) throws IOException {
    cluster.retire(agent);
    Agents.endTasks(agent);
  }
}
