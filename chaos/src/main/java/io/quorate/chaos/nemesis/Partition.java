package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Cuts wires between nodes; nothing is told, everything is silent. */
final class Partition implements Nemesis {
  /** Which wires; says what was cut. */
  interface Shape {
    String cut(ChaosCluster cluster, Network network, SplittableRandom random) throws IOException;
  }

  private final String name;
  private final Shape shape;

  Partition(String name, Shape shape) {
    this.name = name;
    this.shape = shape;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    return shape.cut(cluster, cluster.network(name), random);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    cluster.network(name).heal();
  }

  // -- Shapes -----------------------------------------------------------------------------------

  /** The leader hears no other master, and is heard by none; agents and clients reach all. */
  static String leaderFromMasters(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    ClusterNode leader = Choice.leaderOrAny(cluster, random);
    List<ClusterNode> others = Choice.without(cluster.masters(), leader);
    network.cut(List.of(leader), others);
    return leader + " | " + ChaosCluster.names(others);
  }

  /** The leader is alone in the world. */
  static String leaderFromAll(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    ClusterNode leader = Choice.leaderOrAny(cluster, random);
    List<ClusterNode> others = Choice.without(cluster.nodes(), leader);
    network.cut(List.of(leader), others);
    return leader + " | everybody";
  }

  /** All nodes fall into two parts; one has a majority of the masters. */
  static String halves(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    List<ClusterNode> masters = Choice.shuffled(cluster.masters(), random);
    int minority = (masters.size() - 1) / 2;
    List<ClusterNode> one = new ArrayList<>(masters.subList(0, minority));
    List<ClusterNode> other = new ArrayList<>(masters.subList(minority, masters.size()));
    for (ClusterNode clusterNode : Choice.without(cluster.nodes(), masters)) {
      (random.nextBoolean() ? one : other).add(clusterNode);
    }
    network.cut(one, other);
    return ChaosCluster.names(one) + " | " + ChaosCluster.names(other);
  }

  /** Each master hears a majority, and no two the same: with three, one wire is cut. */
  static String ring(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    List<ClusterNode> masters = Choice.shuffled(cluster.masters(), random);
    int reach = masters.size() / 2;
    List<String> cuts = new ArrayList<>();
    for (int i = 0; i < masters.size(); i++) {
      for (int j = i + 1; j < masters.size(); j++) {
        int apart = Math.min(j - i, masters.size() - (j - i));
        // Of three all are neighbours: the ring is opened at one place.
        boolean cut = masters.size() == 3 ? i == 0 && j == 2 : apart > (reach + 1) / 2;
        if (cut) {
          network.cut(masters.get(i), masters.get(j));
          cuts.add(masters.get(i) + " | " + masters.get(j));
        }
      }
    }
    return String.join(", ", cuts);
  }

  /** Two parts that hear each other only through one node, which hears all. */
  static String bridge(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    List<ClusterNode> masters = Choice.shuffled(cluster.masters(), random);
    ClusterNode bridge = masters.get(0);
    List<ClusterNode> rest = Choice.shuffled(Choice.without(cluster.nodes(), bridge), random);
    List<ClusterNode> one = rest.subList(0, rest.size() / 2);
    List<ClusterNode> other = rest.subList(rest.size() / 2, rest.size());
    network.cut(one, other);
    return ChaosCluster.names(one) + " | " + ChaosCluster.names(other) + ", bridge " + bridge;
  }

  /** One direction only: the leader is heard and does not hear, or the other way round. */
  static String oneWay(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    ClusterNode leader = Choice.leaderOrAny(cluster, random);
    boolean deaf = random.nextBoolean();
    for (ClusterNode clusterNode : Choice.without(cluster.masters(), leader)) {
      if (deaf) {
        network.cutOneWay(clusterNode, leader);
      } else {
        network.cutOneWay(leader, clusterNode);
      }
    }
    return leader + (deaf ? " hears no master" : " is heard by no master");
  }

  /** One agent reaches no master; its tasks go on. */
  static String agentFromMasters(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    ClusterNode agent = Choice.any(cluster.agents(), random);
    network.cut(List.of(agent), cluster.masters());
    return agent + " | all masters";
  }

  /** One client does not reach the leader; the other masters it does. */
  static String clientFromLeader(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    ClusterNode leader = Choice.leaderOrAny(cluster, random);
    ClusterNode client = Choice.any(cluster.clients(), random);
    network.cut(client, leader);
    return client + " | " + leader;
  }

  /** Every node loses a share of what it is sent. */
  static String loss(ChaosCluster cluster, Network network, SplittableRandom random)
      throws IOException {
    double share = List.of(0.05, 0.1, 0.2, 0.3).get(random.nextInt(4));
    for (ClusterNode node : cluster.nodes()) {
      network.lose(node, share);
    }
    return Math.round(share * 100) + " % of all packets are lost";
  }
}
