package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.NamespaceMachines;
import io.quorate.chaos.nemesis.Nemeses;
import io.quorate.chaos.nemesis.Nemesis;
import io.quorate.cluster.ReplicaStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.awaitility.core.ConditionTimeoutException;

/** A small cluster in network namespaces, to see what a nemesis does to it. */
final class Testbed implements AutoCloseable {
  static final Duration RECOVERY_MAX = Duration.ofSeconds(90);
  private static final Duration START_MAX = Duration.ofSeconds(150);

  final ChaosCluster cluster;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private int writes;
  private Set<List<Object>> agreed = Set.of();

  Testbed(Path directory, List<String> masterFlags, Nemesis... prepared) throws IOException {
    cluster =
        new ChaosCluster(
            new ChaosCluster.Plan(
                directory, 3, 1, "cpus:4;mem:1024;disk:1000", masterFlags, List.of()),
            new NamespaceMachines());
    try {
      for (Nemesis nemesis : prepared) {
        nemesis.prepare(cluster);
      }
      cluster.start(START_MAX);
    } catch (IOException e) {
      cluster.close();
      throw e;
    }
  }

  /** Strikes by a seed, looks, heals, and waits until all serve again. */
  void during(String name, Looks looks) throws Exception {
    during(Nemeses.named(name), new SplittableRandom(7), looks);
  }

  void during(Nemesis nemesis, SplittableRandom random, Looks looks) throws Exception {
    write();
    String struck = nemesis.strike(cluster, random);
    System.err.println(nemesis.name() + ": " + struck);
    assertThat(struck).as(nemesis.name()).isNotEmpty();
    try {
      looks.look(struck);
    } finally {
      nemesis.heal(cluster);
    }
    nemesis.heal(cluster);
    awaitWhole(nemesis.name());
  }

  /** What is to be seen between strike and healing. */
  interface Looks {
    void look(String struck) throws Exception;
  }

  ClusterNode node(String name) {
    return cluster.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** The first node that a strike names. */
  ClusterNode struck(String struck) {
    return node(struck.split("[ :,]")[0]);
  }

  /** Every daemon runs, a write is accepted, and all masters have applied the same. */
  void awaitWhole(String after) {
    await("all serve after " + after)
        .atMost(RECOVERY_MAX)
        .until(
            () ->
                cluster.nodes().stream().allMatch(ClusterNode::alive)
                    && cluster.agents().stream().allMatch(cluster::linked)
                    && tryWrite());
    try {
      await("all masters agree after " + after)
          .atMost(RECOVERY_MAX)
          .until(
              () -> {
                Set<List<Object>> seen = new HashSet<>();
                for (ClusterNode master : cluster.masters()) {
                  Optional<ReplicaStatus> status = cluster.reader().status(master.address());
                  seen.add(
                      status
                          .<List<Object>>map(
                              s -> List.of(s.appliedIndex(), s.chainHash(), s.stateDigest()))
                          .orElse(List.of()));
                }
                agreed = seen;
                return seen.size() == 1 && !seen.contains(List.of());
              });
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("masters at last: " + agreed, e);
    }
  }

  void write() {
    await("a write").atMost(RECOVERY_MAX).until(this::tryWrite);
  }

  /** Sets a weight; whether the leader said yes. */
  boolean tryWrite() {
    writes++;
    String call =
        "{\"type\":\"UPDATE_WEIGHTS\",\"update_weights\":{\"weight_infos\":[{\"role\":\"dev\",\"weight\":"
            + writes
            + "}]}}";
    try {
      Optional<ClusterNode> leader = cluster.leader();
      return leader.isPresent() && operator(leader.get(), call).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** An operator's call in JSON. */
  HttpResponse<String> operator(ClusterNode master, String call) throws IOException {
    try {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://" + master.address() + "/api/v1"))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(3))
              .POST(HttpRequest.BodyPublishers.ofString(call))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** What a daemon printed so far. */
  static String log(ClusterNode node) throws IOException {
    return Files.readString(node.directory().resolve("daemon.log"));
  }

  @Override
  public void close() {
    cluster.close();
  }
}
