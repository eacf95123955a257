package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** The views of a cluster with a task that runs, one that ended and one that failed. */
@Tag("process")
class ViewsTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private static Hand hand;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 1, 1, 0, "cpus:4;mem:512;disk:1000", false),
            List.of("--offer_timeout=90secs", "--roles=dev,prod"),
            List.of(),
            new io.quorate.cluster.HttpReader());
    cluster.awaitServing(LONG);
    hand = new Hand(cluster.masters(), Hand.info("dev").setName("of the hand").build(), 0);
    Offer offer = hand.offer();
    TaskInfo.Builder runs = Hand.task(offer, "runs", "sleep 600");
    runs.getLabelsBuilder().addLabelsBuilder().setKey("k").setValue("v");
    runs.getDiscoveryBuilder()
        .setVisibility(io.quorate.protocol.v1.DiscoveryInfo.Visibility.CLUSTER)
        .setName("found");
    hand.accept(
        offer,
        Hand.launch(runs),
        Hand.launch(Hand.task(offer, "ends", "true")),
        Hand.launch(Hand.task(offer, "fails", "false")));
    hand.awaitState("runs", TaskState.TASK_RUNNING);
    hand.awaitState("ends", TaskState.TASK_FINISHED);
    hand.awaitState("fails", TaskState.TASK_FAILED);
    await("acknowledged ends")
        .atMost(LONG)
        .until(() -> get("/state").at("/frameworks/0/completed_tasks").size() == 2);
    // What is left of the agent is on offer, so that the figures below stand still.
    hand.offer();
  }

  @AfterAll
  static void stop() {
    hand.client.teardown();
    hand.close();
    cluster.close();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(request.timeout(LONG).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + cluster.masters().get(0) + path));
  }

  private static JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = send(to(path));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private static List<String> texts(JsonNode array, String field) {
    List<String> texts = new ArrayList<>();
    array.forEach(candidate -> texts.add(candidate.path(field).asText()));
    return texts;
  }

  @Test
  @DisplayName("CP-407, CP-411 /state has every field at its top, and what Mesos-DNS asks of tasks")
  void shouldShowState() throws Exception {
    JsonNode state = get("/master/state");
    for (String field :
        List.of(
            "version",
            "start_time",
            "elected_time",
            "id",
            "pid",
            "hostname",
            "capabilities",
            "activated_slaves",
            "deactivated_slaves",
            "unreachable_slaves",
            "leader",
            "leader_info",
            "flags",
            "slaves",
            "recovered_slaves",
            "frameworks",
            "completed_frameworks",
            "orphan_tasks",
            "unregistered_frameworks")) {
      assertThat(state.has(field)).as(field).isTrue();
    }
    assertThat(state.path("elected_time").asDouble())
        .isGreaterThanOrEqualTo(state.path("start_time").asDouble());
    JsonNode task = state.at("/frameworks/0/tasks/0");
    assertThat(task.path("id").asText()).isEqualTo("runs");
    assertThat(task.at("/labels/0/value").asText()).isEqualTo("v");
    assertThat(task.at("/discovery/name").asText()).isEqualTo("found");
    assertThat(task.at("/statuses/0/container_status/network_infos").isArray()).isTrue();
    assertThat(state.at("/frameworks/0/offer_constraints").isObject()).isTrue();
  }

  @Test
  @DisplayName("CP-413 /slaves has resources in full with who holds them, and can show one alone")
  void shouldShowAgents() throws Exception {
    JsonNode agent = get("/slaves").at("/slaves/0");
    String id = agent.path("id").asText();
    assertThat(agent.at("/unreserved_resources_full").size()).isEqualTo(3);
    JsonNode used = agent.at("/used_resources_full/0");
    assertThat(used.path("name").asText()).isEqualTo("cpus");
    assertThat(used.at("/scalar/value").asDouble()).isEqualTo(0.1);
    assertThat(used.at("/allocation_info/role").asText()).isEqualTo("dev");
    assertThat(agent.at("/offered_resources_full/0/allocation_info/role").asText())
        .isEqualTo("dev");
    assertThat(get("/slaves?slave_id=" + id).path("slaves").size()).isEqualTo(1);
    assertThat(get("/slaves?slave_id=none").path("slaves").size()).isZero();
  }

  @Test
  @DisplayName("/tasks comes in pages, the newest first, over all lists")
  void shouldShowTasks() throws Exception {
    List<String> all = texts(get("/tasks").path("tasks"), "id");
    assertThat(all).containsExactlyInAnyOrder("runs", "ends", "fails");
    List<String> oldest = texts(get("/tasks?order=asc").path("tasks"), "id");
    assertThat(oldest).containsExactly(all.get(2), all.get(1), all.get(0));
    assertThat(texts(get("/tasks?limit=1&offset=1").path("tasks"), "id"))
        .containsExactly(all.get(1));
    assertThat(texts(get("/tasks?task_id=ends").path("tasks"), "state"))
        .containsExactly("TASK_FINISHED");
    assertThat(get("/tasks?framework_id=none").path("tasks").size()).isZero();
    assertThat(texts(get("/tasks?limit=-1").path("tasks"), "id")).isEqualTo(all);
    assertThat(texts(get("/tasks?limit=many").path("tasks"), "id")).isEqualTo(all);
    assertThat(texts(get("/tasks?order=up").path("tasks"), "id")).isEqualTo(all);
  }

  @Test
  @DisplayName("CP-416 /state-summary counts tasks by state, for each agent and framework")
  void shouldCountTasks() throws Exception {
    JsonNode summary = get("/state-summary");
    for (JsonNode node : List.of(summary.at("/slaves/0"), summary.at("/frameworks/0"))) {
      assertThat(node.path("TASK_RUNNING").asInt()).isEqualTo(1);
      assertThat(node.path("TASK_FINISHED").asInt()).isEqualTo(1);
      assertThat(node.path("TASK_FAILED").asInt()).isEqualTo(1);
      assertThat(node.path("TASK_LOST").asInt()).isZero();
    }
    assertThat(summary.at("/slaves/0/framework_ids/0").asText())
        .isEqualTo(summary.at("/frameworks/0/id").asText());
    assertThat(get("/frameworks").at("/frameworks/0/name").asText()).isEqualTo("of the hand");
  }

  @Test
  @DisplayName("CP-425 metrics of a master are numbers under Mesos's names")
  void shouldMeasure() throws Exception {
    JsonNode metrics = get("/metrics/snapshot");
    metrics.properties().forEach(property -> assertThat(property.getValue().isNumber()).isTrue());
    assertThat(metrics.path("master/elected").asDouble()).isEqualTo(1);
    assertThat(metrics.path("master/uptime_secs").asDouble()).isPositive();
    assertThat(metrics.path("master/slaves_active").asDouble()).isEqualTo(1);
    assertThat(metrics.path("master/frameworks_connected").asDouble()).isEqualTo(1);
    assertThat(metrics.path("master/tasks_running").asDouble()).isEqualTo(1);
    assertThat(metrics.path("master/cpus_total").asDouble()).isEqualTo(4);
    assertThat(metrics.path("master/cpus_used").asDouble()).isEqualTo(0.1);
    assertThat(metrics.path("master/cpus_percent").asDouble()).isEqualTo(0.025);
    assertThat(metrics.path("master/mem_total").asDouble()).isEqualTo(512);
    assertThat(metrics.path("master/disk_percent").asDouble()).isZero();
  }

  @Test
  @DisplayName("Prometheus gets every metric that our dashboard and our alerts name")
  void shouldServePrometheus() throws Exception {
    // given
    Path documents = Path.of("..", "docs", "operate", "prometheus");
    String dashboard = Files.readString(documents.resolve("dashboard.json"));
    String alerts = Files.readString(documents.resolve("alerts.yml"));
    Set<String> named = new TreeSet<>(metricsIn(dashboard));
    named.addAll(metricsIn(alerts));
    // when
    HttpResponse<String> answer = send(to("/metrics").GET());
    // then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(answer.body()).contains("\nquorate_master_tasks_running 1.0\n");
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(metricsIn(answer.body())).containsAll(named);
    assertThat(new ObjectMapper().readTree(dashboard).path("panels")).isNotEmpty();
    Map<String, List<Map<String, List<Map<String, Object>>>>> rules = new Yaml().load(alerts);
    assertThat(rules.get("groups").get(0).get("rules"))
        .allSatisfy(rule -> assertThat(rule).containsKeys("alert", "expr", "annotations"));
    assertThat(Pattern.compile("docs/\\S+\\.md").matcher(alerts).results().map(MatchResult::group))
        .isNotEmpty()
        .allSatisfy(page -> assertThat(Path.of("..").resolve(page)).exists());
  }

  @Test
  @DisplayName("Prometheus gets the metrics of an agent, too")
  void shouldServePrometheusOnAgents() throws Exception {
    URI metrics = URI.create("http://" + cluster.agents().get(0) + "/metrics");

    HttpResponse<String> answer = send(HttpRequest.newBuilder(metrics).GET());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("# TYPE quorate_slave_registered gauge\nquorate_slave_registered 1.0\n")
        .contains("quorate_slave_tasks_running 1.0\n");
  }

  private static Set<String> metricsIn(String text) {
    return Pattern.compile("\\bquorate_[a-z0-9_]+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  @DisplayName("CP-386, CP-387 flags, metrics and the leader through the operator API, both types")
  void shouldAnswerOperators() throws Exception {
    assertThat(get("/flags").at("/flags/offer_timeout").asText()).isEqualTo("90secs");
    assertThat(get("/flags").at("/flags/roles").asText()).isEqualTo("dev,prod");
    assertThat(get("/flags").at("/flags/port").asText()).isNotEmpty();
    for (String call :
        List.of(
            "{\"type\":\"GET_FLAGS\"}",
            "{\"type\":\"GET_METRICS\",\"get_metrics\":{}}",
            "{\"type\":\"GET_MASTER\"}")) {
      for (String type : List.of("application/json", "application/x-protobuf")) {
        HttpResponse<String> answer =
            send(
                to("/api/v1")
                    .header("Content-Type", "application/json")
                    .header("Accept", type)
                    .POST(HttpRequest.BodyPublishers.ofString(call)));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(type);
        assertThat(answer.body()).containsAnyOf("offer_timeout", "master/uptime_secs", "127.0.0.1");
      }
    }
    HttpResponse<String> master =
        send(
            to("/api/v1")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"GET_MASTER\"}")));
    JsonNode told = new ObjectMapper().readTree(master.body()).path("get_master");
    assertThat(told.path("elected_time").asDouble()).isPositive();
    assertThat(told.at("/master_info/capabilities").toString()).contains("AGENT_DRAINING");
  }
}
