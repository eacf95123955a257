package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.TaskState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators read of a real cluster, and what a master says that has lost its quorum. */
@Tag("process")
class OperatorReadsTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private LocalCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:512;disk:1000", false),
            List.of("--agent_ping_timeout=1secs", "--max_agent_ping_timeouts=2"),
            List.of(),
            new HttpReader());
    cluster.awaitServing(LONG);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private HttpResponse<String> post(String master, String path, String body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + master + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode read(String path, String type) throws Exception {
    String leader = cluster.masters().get(cluster.leader().orElseThrow());
    HttpResponse<String> answer = post(leader, path, "{\"type\":\"" + type + "\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).get(type.toLowerCase(java.util.Locale.ROOT));
  }

  private static double cpus(JsonNode resources) {
    double sum = 0;
    for (JsonNode resource : resources) {
      sum +=
          resource.get("name").asText().equals("cpus")
              ? resource.at("/scalar/value").asDouble()
              : 0;
    }
    return sum;
  }

  @Test
  @DisplayName("CP-004, CP-383 GET_AGENTS tells what is offered, by either path")
  void shouldShowWhatIsOffered() throws Exception {
    // given
    Hand hand = new Hand(cluster.masters(), "dev");

    // when
    hand.offer();

    // then
    for (String path : List.of("/api/v1", "/master/api/v1")) {
      JsonNode agents = read(path, "GET_AGENTS").path("agents");
      assertThat(agents).hasSize(1);
      assertThat(cpus(agents.get(0).get("offered_resources"))).isEqualTo(4);
      assertThat(cpus(agents.get(0).get("total_resources"))).isEqualTo(4);
    }
    hand.client.teardown();
    hand.close();
  }

  @Test
  @DisplayName("CP-384, CP-385 active, unreachable and completed tasks and frameworks are apart")
  void shouldTellWhatIsFromWhatWas() throws Exception {
    // given
    Recorder recorder = new Recorder(cluster.masters()).start();
    recorder.launch("ends", "true");
    recorder.launch("stays", "sleep 1000");
    await("tasks")
        .atMost(LONG)
        .until(
            () ->
                states(recorder, "ends").contains(TaskState.TASK_FINISHED)
                    && states(recorder, "stays").contains(TaskState.TASK_RUNNING));
    await("the end acknowledged")
        .atMost(LONG)
        .until(() -> read("/api/v1", "GET_TASKS").get("completed_tasks").size() == 1);
    JsonNode state = read("/master/api/v1", "GET_STATE");
    JsonNode agent = state.at("/get_agents/agents/0");
    assertThat(cpus(agent.get("allocated_resources"))).isEqualTo(Recorder.CPUS);
    assertThat(state.at("/get_tasks/tasks/0/task_id/value").asText()).isEqualTo("stays");
    assertThat(state.at("/get_tasks/completed_tasks/0/task_id/value").asText()).isEqualTo("ends");
    assertThat(state.at("/get_frameworks/frameworks")).hasSize(1);

    // when
    cluster.killAgent(0);
    await("the agent unreachable")
        .atMost(LONG)
        .until(() -> read("/api/v1", "GET_TASKS").get("unreachable_tasks").size() == 1);
    JsonNode active = read("/api/v1", "GET_TASKS").path("tasks");
    recorder.client.teardown();
    recorder.close();
    await("the framework completed")
        .atMost(LONG)
        .until(() -> read("/api/v1", "GET_FRAMEWORKS").get("completed_frameworks").size() == 1);

    // then
    assertThat(active).isEmpty();
    assertThat(read("/api/v1", "GET_FRAMEWORKS").path("frameworks")).isEmpty();
  }

  @Test
  @DisplayName("CP-031 503 without a leader")
  void shouldAnswer503WithoutALeader() throws Exception {
    // given
    int leader = cluster.leader().orElseThrow();
    String last = cluster.masters().get((leader + 1) % 3);
    String subscribe =
        "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":{\"user\":\"u\",\"name\":\"f\"}}}";

    // when
    cluster.killMaster(leader);
    cluster.killMaster((leader + 2) % 3);

    // then
    await("no leader")
        .atMost(LONG)
        .until(() -> post(last, "/api/v1/scheduler", subscribe).statusCode() == 503);
    assertThat(post(last, "/api/v1", "{\"type\":\"GET_STATE\"}").statusCode()).isEqualTo(503);
  }

  private static List<TaskState> states(Recorder recorder, String task) {
    return recorder.updates.getOrDefault(task, List.of()).stream()
        .map(candidate -> candidate.getState())
        .toList();
  }
}
