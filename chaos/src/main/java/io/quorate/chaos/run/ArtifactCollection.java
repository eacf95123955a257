package io.quorate.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.history.Diary;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Merge;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.cluster.LocalCluster;
import io.quorate.cluster.ReplicaStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Looks at a healed cluster and writes down what checkers need. */
final class ArtifactCollection {
  private static final int LOG_PAGE = 100;
  private static final Duration PAGE_MAX = Duration.ofSeconds(60);
  private static final Duration AGREE_MAX = Duration.ofSeconds(30);

  private final ChaosCluster cluster;
  private final RunDirectory run;

  ArtifactCollection(ChaosCluster cluster, RunDirectory run) {
    this.cluster = cluster;
    this.run = run;
  }

  /** While the cluster still runs: the end, and the log. */
  void cluster(ObjectNode end) throws IOException {
    agree();
    ObjectNode masters = end.putObject("masters");
    for (ClusterNode master : cluster.masters()) {
      cluster
          .reader()
          .get(master.address(), "/quorate/status")
          .ifPresent(status -> masters.set(master.name(), status));
    }
    cluster.leader().flatMap(this::state).ifPresent(state -> end.set("state", state));
    cluster
        .leader()
        .flatMap(leader -> cluster.reader().get(leader.address(), "/metrics/snapshot"))
        .ifPresent(
            metrics -> end.put("open_streams", metrics.path("quorate/scheduler_streams").asInt()));
    ObjectNode processes = end.putObject("processes");
    ArrayNode gone = end.putArray("gone_agents");
    cluster.goneAgents().forEach(agent -> gone.add(agent.name()));
    for (ClusterNode clusterNode : everyAgent()) {
      ArrayNode left = processes.putArray(clusterNode.name());
      // Every task's supervisor works below the agent's directory.
      for (String line :
          clusterNode
              .run(
                  "ps -eo pid,args | grep '[q]uorate-supervisor' | grep "
                      + clusterNode.work()
                      + " || true")
              .lines()
              .toList()) {
        left.add(line.trim());
      }
    }
    log();
  }

  private List<ClusterNode> everyAgent() {
    return Stream.concat(cluster.agents().stream(), cluster.goneAgents().stream()).toList();
  }

  /** With the agents as {@code /slaves} has them: each reservation in full. */
  private Optional<JsonNode> state(ClusterNode leader) {
    Optional<JsonNode> state = cluster.reader().get(leader.address(), "/master/state");
    Optional<JsonNode> agents = cluster.reader().get(leader.address(), "/slaves");
    if (state.isEmpty() || agents.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(((ObjectNode) state.get()).set("slaves", agents.get().path("slaves")));
  }

  /** Replicas are compared at one index, so all are given the time to get there. */
  private void agree() {
    LocalCluster.await(
        AGREE_MAX,
        () -> {
          List<Optional<ReplicaStatus>> all =
              cluster.masters().stream()
                  .map(master -> cluster.reader().status(master.address()))
                  .toList();
          return all.stream().allMatch(Optional::isPresent)
              && all.stream().map(status -> status.get().appliedIndex()).distinct().count() == 1;
        });
  }

  /** The log as that master has it that has most of it. */
  private void log() {
    List<JsonNode> most = List.of();
    for (ClusterNode master : cluster.masters()) {
      List<JsonNode> entries = log(master);
      if (entries.size() > most.size()) {
        most = entries;
      }
    }
    Json.writeLines(run.path().resolve("log.jsonl"), most);
  }

  private List<JsonNode> log(ClusterNode master) {
    List<JsonNode> all = new ArrayList<>();
    long end =
        cluster.reader().status(master.address()).map(ReplicaStatus::appliedIndex).orElse(0L);
    long index = 1;
    while (true) {
      JsonNode entries = page(master, index, end);
      if (entries.isEmpty()) {
        return all;
      }
      entries.forEach(all::add);
      index = entries.get(entries.size() - 1).path("index").asLong() + 1;
    }
  }

  /** On a busy machine an answer may be late: that none came is not the end of the log. */
  private JsonNode page(ClusterNode master, long index, long end) {
    String path = "/quorate/log?index=" + index + "&count=" + LOG_PAGE;
    AtomicReference<JsonNode> entries = new AtomicReference<>(Json.NULL);
    LocalCluster.await(
        PAGE_MAX,
        () -> {
          Optional<JsonNode> page = cluster.reader().get(master.address(), path);
          page.ifPresent(answer -> entries.set(answer.path("entries")));
          return page.isPresent() || index > end || !master.alive();
        });
    return entries.get();
  }

  /** Where the clients write their histories; they can be read while that goes on. */
  static List<Path> histories(ChaosCluster cluster) {
    return cluster.clients().stream().map(client -> client.directory().resolve("history")).toList();
  }

  /** Once the clients are gone: their histories, and the diaries. */
  void files(Path nemesis, long originUptimeHundredths) throws IOException {
    List<Path> queues = new ArrayList<>();
    queues.add(nemesis);
    queues.addAll(histories(cluster));
    Json.writeLines(run.path().resolve("history.jsonl"), Merge.queues(queues));
    List<Diary> diary = new ArrayList<>();
    for (ClusterNode clusterNode : everyAgent()) {
      diary.addAll(
          Merge.diary(
              clusterNode.name(),
              clusterNode.directory().resolve("diary"),
              originUptimeHundredths));
    }
    diary.sort(Comparator.comparingLong(Diary::time));
    Json.writeLines(run.path().resolve("diary.jsonl"), diary);
  }
}
