package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A scheduler that ran in production, as it was released, with requests of each kind. Every
 * instance holds a lock on its name for as long as it lives, and says in a file that it began:
 * neither the scheduler's view nor the master's is trusted on how often something ran.
 */
@Tag("process")
@Tag("clients")
class SingularityTest {
  private static final Path SOURCES = Path.of("src/test/clients/singularity").toAbsolutePath();
  private static final Path BUILT = Path.of("target/clients/singularity").toAbsolutePath();
  private static final String FINISHED = "TASK_FINISHED";

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
  Path directory;

  @Test
  @Timeout(300)
  @DisplayName(
      "CP-104 CP-124 Singularity keeps its tasks over a kill -9 of itself and of the leader")
  void shouldOutliveBoth() throws Exception {
    try (LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Plan(directory, 3, 2, 0, "cpus:4;mem:4096;disk:4096", false));
        Singularity singularity = singularity(cluster)) {
      singularity.request("once", "RUN_ONCE", Map.of("numRetriesOnFailure", 0), instance(1));
      singularity.request("demand", "ON_DEMAND", Map.of(), instance(8));
      singularity.request("service", "SERVICE", Map.of("instances", 3), instance(600));
      singularity.request(
          "clock",
          "SCHEDULED",
          Map.of("schedule", "0/10 * * * * ?", "scheduleType", "QUARTZ"),
          instance(2));
      singularity.eventually(
          "the deploys have succeeded",
          () ->
              singularity.get("/deploys/pending").isEmpty()
                  && singularity.states("once").equals(List.of(FINISHED))
                  && singularity.states("clock").contains(FINISHED));
      agree(cluster, singularity);
      Set<String> service = service(singularity);
      assertThat(service).hasSize(3);

      singularity.run("demand", "first");
      awaitStarted(singularity, "demand", 1);
      singularity.kill();
      singularity.start();
      finished(singularity, "demand", 1);
      agree(cluster, singularity);
      assertThat(service(singularity)).isEqualTo(service);

      singularity.run("demand", "second");
      awaitStarted(singularity, "demand", 2);
      cluster.killMaster(cluster.leader().orElseThrow());
      finished(singularity, "demand", 2);
      singularity.request("after", "RUN_ONCE", Map.of("numRetriesOnFailure", 0), instance(1));
      finished(singularity, "after", 1);
      agree(cluster, singularity);

      assertThat(singularity.alive()).as("one process since its restart").isTrue();
      assertThat(service(singularity)).isEqualTo(service);
      for (int instance = 1; instance <= 3; instance++) {
        assertThat(alive("service." + instance)).as("instance " + instance).isTrue();
      }
      assertThat(lines("twice")).as("an instance that ran twice at once").isEmpty();
      assertThat(started("once")).isEqualTo(1);
      assertThat(started("after")).isEqualTo(1);
      assertThat(started("demand")).isEqualTo(2);
      assertThat(started("service")).isEqualTo(3);
      for (JsonNode node : Singularity.inState(state(cluster), "completed_tasks")) {
        assertThat(node.path("state").asText()).as(node::toString).isEqualTo(FINISHED);
      }
    }
  }

  private Singularity singularity(LocalCluster cluster) throws IOException {
    Files.writeString(
        directory.resolve("instance.sh"),
        """
        name=$TASK_REQUEST_ID.$INSTANCE_NO
        exec 9>"%1$s/$name.lock"
        flock -n 9 || { echo "$name" >>"%1$s/twice"; exit 1; }
        echo "$TASK_REQUEST_ID" >>"%1$s/started"
        exec sleep "$1"
        """
            .formatted(directory));
    cluster.awaitServing(Duration.ofSeconds(60));
    return new Singularity(directory.resolve("singularity"), SOURCES, BUILT, cluster.masters());
  }

  private String instance(int seconds) {
    return "sh " + directory.resolve("instance.sh") + " " + seconds;
  }

  private void awaitStarted(Singularity singularity, String request, int times) {
    singularity.eventually(request + " has begun", () -> started(request) >= times);
  }

  private static void finished(Singularity singularity, String request, int times) {
    singularity.eventually(
        request + " has ended",
        () -> {
          List<String> states = singularity.states(request);
          return states.size() == times && states.stream().allMatch(FINISHED::equals);
        });
  }

  /**
   * Both count the same tasks as active. Those of the clock come and go, so this may take a look.
   */
  private static void agree(LocalCluster cluster, Singularity singularity) {
    singularity.eventually(
        "Singularity and the master agree",
        () -> {
          Set<String> known = new TreeSet<>();
          for (JsonNode node : Singularity.inState(state(cluster), "tasks")) {
            known.add(node.path("id").asText());
          }
          return known.equals(singularity.active());
        });
  }

  private static JsonNode state(LocalCluster cluster) {
    return cluster
        .reader()
        .get(cluster.masters().get(cluster.leader().orElseThrow()), "/state")
        .orElseThrow();
  }

  private static Set<String> service(Singularity singularity) throws Exception {
    Set<String> ids = singularity.active();
    ids.removeIf(id -> !id.startsWith("service-"));
    return ids;
  }

  /** Whether an instance of this name holds its lock now. */
  private boolean alive(String name) throws IOException, InterruptedException {
    Path lock = directory.resolve(name + ".lock");
    assertThat(lock).exists();
    return new ProcessBuilder("flock", "-n", lock.toString(), "true").start().waitFor() == 1;
  }

  private long started(String request) throws IOException {
    return lines("started").stream().filter(request::equals).count();
  }

  private List<String> lines(String file) throws IOException {
    Path path = directory.resolve(file);
    return Files.exists(path) ? Files.readAllLines(path) : List.of();
  }
}
