package io.quorate.chaos.cluster;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * The wires between nodes. Packets are dropped where they arrive, so a connection is never closed,
 * only silent, as with a cut cable. Each owner has wires of its own: what one cuts, another does
 * not heal.
 */
public final class Network {
  private final ChaosCluster cluster;
  private final String chain;

  Network(ChaosCluster cluster, String owner) {
    this.cluster = cluster;
    this.chain = "Q-" + owner;
  }

  /** Nothing that {@code from} sends arrives at {@code to}. */
  public void cutOneWay(ClusterNode from, ClusterNode to) throws IOException {
    drop(to, "-s " + from.ip());
  }

  /** Neither hears the other. */
  public void cut(ClusterNode one, ClusterNode other) throws IOException {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** Nobody of one side hears anybody of the other. */
  public void cut(Collection<ClusterNode> some, Collection<ClusterNode> others) throws IOException {
    for (ClusterNode one : some) {
      for (ClusterNode other : others) {
        cut(one, other);
      }
    }
  }

  /**
   * Of all that arrives at a node from other nodes a share gets lost.
   *
   * @param share from 0 to 1
   */
  public void lose(ClusterNode at, double share) throws IOException {
    List<ClusterNode> others = cluster.nodes().stream().filter(node -> node != at).toList();
    String sources = String.join(",", others.stream().map(ClusterNode::ip).toList());
    drop(at, "-s " + sources + " -m statistic --mode random --probability " + share);
  }

  /** All that this owner cut is whole again. */
  public void heal() throws IOException {
    for (ClusterNode node : cluster.nodes()) {
      heal(node);
    }
  }

  /** The same at one end. */
  public void heal(ClusterNode node) throws IOException {
    node.run("iptables -w -F " + chain + " 2>/dev/null || true");
  }

  private void drop(ClusterNode at, String what) throws IOException {
    at.run(
        "iptables -w -N "
            + chain
            + " 2>/dev/null && iptables -w -I INPUT -j "
            + chain
            + "\n"
            + "iptables -w -A "
            + chain
            + " "
            + what
            + " -j DROP");
  }
}
