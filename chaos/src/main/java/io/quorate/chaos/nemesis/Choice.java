package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/** Whom it hits: by the given chance only. */
final class Choice {
  private Choice() {}

  static Node leaderOrAny(ChaosCluster cluster, SplittableRandom random) {
    return cluster.leader().orElseGet(() -> any(cluster.masters(), random));
  }

  /** The leader two times of three, or any master: the loss of a follower must be harmless too. */
  static Node master(ChaosCluster cluster, SplittableRandom random) {
    boolean leader = random.nextInt(3) > 0;
    Node any = any(cluster.masters(), random);
    return leader ? cluster.leader().orElse(any) : any;
  }

  /** A master that does not lead; any if nobody does. */
  static Node follower(ChaosCluster cluster, SplittableRandom random) {
    List<Node> masters = cluster.masters();
    Node leader = cluster.leader().orElse(null);
    return any(leader == null ? masters : without(masters, leader), random);
  }

  /** A random smallest majority of the masters. */
  static List<Node> majority(ChaosCluster cluster, SplittableRandom random) {
    List<Node> masters = shuffled(cluster.masters(), random);
    return masters.subList(0, masters.size() / 2 + 1);
  }

  static Node any(List<Node> some, SplittableRandom random) {
    return some.get(random.nextInt(some.size()));
  }

  static List<Node> shuffled(List<Node> some, SplittableRandom random) {
    List<Node> all = new ArrayList<>(some);
    Collections.shuffle(all, new Random(random.nextLong()));
    return all;
  }

  static List<Node> without(List<Node> all, Node one) {
    return without(all, List.of(one));
  }

  static List<Node> without(List<Node> all, List<Node> some) {
    return all.stream().filter(each -> !some.contains(each)).toList();
  }
}
