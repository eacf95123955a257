package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.cluster.LocalCluster;
import io.quorate.cluster.ReplicaStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Ends, halts and restarts daemons; the machines and what else runs on them stay. */
final class Daemons implements Nemesis {
  /** A restart that takes longer is left to the healing. */
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(30);

  private static final int STORM_KILLS = 8;
  private static final int STORM_PAUSE_MILLIS_MAX = 1_500;

  /** To whom what is done; whoever is hit is added to {@code hit} first. */
  interface Deed {
    String done(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
        throws IOException;
  }

  private final String name;
  private final Deed deed;
  private final Set<ClusterNode> hit = new LinkedHashSet<>();

  Daemons(String name, Deed deed) {
    this.name = name;
    this.deed = deed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    return deed.done(cluster, hit, random);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (ClusterNode clusterNode : List.copyOf(hit)) {
      clusterNode.resume();
      clusterNode.start();
      hit.remove(clusterNode);
    }
  }

  // -- Deeds ------------------------------------------------------------------------------------

  /** {@code kill -9} of one master, mostly the leader. */
  static String kill(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return killed(hit, List.of(Choice.master(cluster, random)));
  }

  /** Without a leader until it is healed. */
  static String killMajority(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return killed(hit, Choice.majority(cluster, random));
  }

  static String killAll(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return killed(hit, Choice.shuffled(cluster.masters(), random));
  }

  /** The agent's daemon; its tasks run on. */
  static String killAgent(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return killed(hit, List.of(Choice.any(cluster.agents(), random)));
  }

  /** SIGTERM of one master, mostly the leader. */
  static String stop(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    ClusterNode master = Choice.master(cluster, random);
    hit.add(master);
    master.stop();
    return master + " stopped";
  }

  /** SIGSTOP of one master, mostly the leader: it believes later that no time has gone by. */
  static String pause(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return paused(hit, Choice.master(cluster, random));
  }

  static String pauseAgent(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return paused(hit, Choice.any(cluster.agents(), random));
  }

  /** Masters killed and started again at once, several times, some before they are up. */
  static String restartStorm(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    StringBuilder done = new StringBuilder();
    for (int i = 0; i < STORM_KILLS; i++) {
      ClusterNode master = Choice.any(cluster.masters(), random);
      hit.add(master);
      master.kill();
      master.start();
      done.append(i == 0 ? "killed and started: " : " ").append(master);
      pause(random.nextInt(STORM_PAUSE_MILLIS_MAX));
    }
    return done.toString();
  }

  /** Each master is stopped in an orderly way and started, the next when it has caught up. */
  static String rollingRestart(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    for (ClusterNode clusterNode : Choice.shuffled(cluster.masters(), random)) {
      hit.add(clusterNode);
      clusterNode.stop();
      long target = applied(cluster);
      clusterNode.start();
      boolean caughtUp =
          LocalCluster.await(CATCH_UP_MAX, () -> caughtUp(cluster, clusterNode, target));
      if (!caughtUp) {
        return clusterNode + " did not catch up with " + target + " within " + CATCH_UP_MAX;
      }
    }
    return "all masters stopped and started, one after the other";
  }

  // -- How --------------------------------------------------------------------------------------

  private static String killed(Set<ClusterNode> hit, List<ClusterNode> some) throws IOException {
    hit.addAll(some);
    for (ClusterNode node : some) {
      node.kill();
    }
    return ChaosCluster.names(some) + " killed";
  }

  private static String paused(Set<ClusterNode> hit, ClusterNode node) throws IOException {
    hit.add(node);
    node.pause();
    return node + " paused";
  }

  /** The highest index that a master has applied. */
  static long applied(ChaosCluster cluster) {
    return cluster.masters().stream()
        .filter(ClusterNode::alive)
        .map(master -> cluster.reader().status(master.address()))
        .flatMap(Optional::stream)
        .mapToLong(ReplicaStatus::appliedIndex)
        .max()
        .orElse(0);
  }

  /** Whether it answers and has applied as much. */
  static boolean caughtUp(ChaosCluster cluster, ClusterNode node, long target) {
    return cluster
        .reader()
        .status(node.address())
        .filter(status -> status.appliedIndex() >= target)
        .isPresent();
  }

  static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
