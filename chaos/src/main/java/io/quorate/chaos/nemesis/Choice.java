package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Whom it hits: by the given chance only. */
final class Choice {
  private Choice() {}

  static ClusterNode leaderOrAny(ChaosCluster cluster, SplittableRandom random) {
    return cluster.leader().orElseGet(() -> any(cluster.masters(), random));
  }

  /** The leader two times of three, or any master: the loss of a follower must be harmless too. */
  static ClusterNode master(ChaosCluster cluster, SplittableRandom random) {
    boolean leader = random.nextInt(3) > 0;
    ClusterNode any = any(cluster.masters(), random);
    return leader ? cluster.leader().orElse(any) : any;
  }

  /** A master that does not lead; any if nobody does. */
  static ClusterNode follower(ChaosCluster cluster, SplittableRandom random) {
    List<ClusterNode> masters = cluster.masters();
    ClusterNode leader = cluster.leader().orElse(null);
    return any(leader == null ? masters : without(masters, leader), random);
  }

  /** A random smallest majority of the masters. */
  static List<ClusterNode> majority(ChaosCluster cluster, SplittableRandom random) {
    List<ClusterNode> masters = shuffled(cluster.masters(), random);
    return masters.subList(0, masters.size() / 2 + 1);
  }

  static ClusterNode any(List<ClusterNode> some, SplittableRandom random) {
    return some.get(random.nextInt(some.size()));
  }

  static List<ClusterNode> shuffled(List<ClusterNode> some, SplittableRandom random) {
    List<ClusterNode> all = new ArrayList<>(some);
    Collections.shuffle(all, new Random(random.nextLong()));
    return all;
  }

  static List<ClusterNode> without(List<ClusterNode> all, ClusterNode one) {
    return without(all, List.of(one));
  }

  static List<ClusterNode> without(List<ClusterNode> all, List<ClusterNode> some) {
    return all.stream().filter(node -> !some.contains(node)).toList();
  }
}
