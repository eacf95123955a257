package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.workload.NoiseClient;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Clients that are a nuisance to the others, each on a machine of its own. */
final class NoiseClients implements Nemesis {
  private static final Duration BEGUN_MAX = Duration.ofSeconds(20);

  private final String name;
  private final List<ClusterNode> bad = new ArrayList<>();

  /**
   * @param name {@code hoarder}, {@code two-schedulers}, {@code hanging-executor} or {@code herd}
   */
  NoiseClients(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    return switch (name) {
      case "hoarder" -> start(cluster, "hoard", 1) + " keeps every offer";
      case "two-schedulers" -> start(cluster, "twin", 2) + " share a framework's id";
      case "hanging-executor" -> start(cluster, "hang", 1) + " launches executors that hang";
      default -> herd(cluster);
    };
  }

  private String start(ChaosCluster cluster, String kind, int count) throws IOException {
    List<ClusterNode> started = new ArrayList<>();
    Path file = null;
    for (int i = 0; i < count; i++) {
      ClusterNode node = cluster.strangeClient(NoiseClient.class.getName());
      bad.add(node);
      started.add(node);
      Path own = node.directory().resolve("framework");
      node.arguments().addAll(List.of(kind, String.join(",", cluster.masterAddresses()), own + ""));
      if (file != null) {
        // As the first one, killed and begun again elsewhere while it still runs.
        Files.copy(file, own);
      }
      node.start();
      LocalCluster.await(BEGUN_MAX, () -> said(node).contains("subscribed: "));
      file = own;
    }
    return ChaosCluster.names(started);
  }

  private static String said(ClusterNode node) {
    try {
      return Files.readString(node.directory().resolve("daemon.log"));
    } catch (IOException e) {
      return "";
    }
  }

  /** Every connection to the masters' HTTP ports breaks at once, and all come back together. */
  private static String herd(ChaosCluster cluster) throws IOException {
    long broken = 0;
    for (ClusterNode master : cluster.masters()) {
      broken += master.run("ss -tnHK state established sport = :5050").lines().count();
    }
    return broken + " connections to " + ChaosCluster.names(cluster.masters()) + " are reset";
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (ClusterNode clusterNode : List.copyOf(bad)) {
      clusterNode.kill();
      bad.remove(clusterNode);
    }
  }
}
