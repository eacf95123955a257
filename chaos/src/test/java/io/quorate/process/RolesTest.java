package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Weights, quotas and reservations by operators, with real masters, whoever is killed. The tests
 * share a cluster, and each has a role of its own.
 */
@Tag("process")
class RolesTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private static Path directory;
  private static LocalCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:512;disk:1000", false));
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Sends a request to whoever leads; while nobody does, it was not taken, and is sent again. */
  private String send(String method, String path, String body, int status) throws Exception {
    HttpResponse<String> answer =
        await("an answer of a leader")
            .atMost(LONG)
            .until(() -> ask(method, path, body), reply -> reply.statusCode() != 503);
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return answer.body();
  }

  private HttpResponse<String> ask(String method, String path, String body) throws Exception {
    await("a leader").atMost(LONG).until(() -> cluster.leader().isPresent());
    String leader = cluster.masters().get(cluster.leader().orElseThrow());
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + leader + path))
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode roles() throws Exception {
    return JSON.readTree(send("GET", "/roles", "", 200)).get("roles");
  }

  private JsonNode role(String name) throws Exception {
    return named(roles(), "name", name).orElseThrow(() -> new AssertionError("no role " + name));
  }

  private static Optional<JsonNode> named(JsonNode list, String field, String name) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(entry -> entry.path(field).asText().equals(name))
        .findFirst();
  }

  private Optional<JsonNode> weight(String role) throws Exception {
    return named(JSON.readTree(send("GET", "/weights", "", 200)), "role", role);
  }

  private Optional<JsonNode> quota(String role) throws Exception {
    return named(JSON.readTree(send("GET", "/quota", "", 200)).path("configs"), "role", role);
  }

  private void setQuota(String role, int cpus) throws Exception {
    send(
        "POST",
        "/quota",
        "{\"role\":\"%s\",\"guarantee\":[{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":%d}}]}"
            .formatted(role, cpus),
        200);
  }

  private void setWeight(String role, double weight) throws Exception {
    String body = "[{\"role\":\"%s\",\"weight\":%s}]".formatted(role, weight);
    send("PUT", "/weights", body, 200);
  }

  @Test
  @DisplayName("CP-419 weights and quotas can be written and read")
  void shouldWriteAndReadWeightsAndQuotas() throws Exception {
    // when
    setWeight("ops", 2.5);
    setQuota("ops", 1);

    // then
    assertThat(weight("ops").orElseThrow().get("weight").asDouble()).isEqualTo(2.5);
    JsonNode limits = quota("ops").orElseThrow().get("limits");
    assertThat(limits.get("cpus").get("value").asDouble()).isEqualTo(1);

    // when
    send("DELETE", "/quota/ops", "", 200);

    // then
    assertThat(quota("ops")).isEmpty();
  }

  @Test
  @DisplayName("CP-415 /roles tells the quota and what is used of it")
  void shouldTellWhatIsUsedOfAQuota() throws Exception {
    // given
    setWeight("dev", 2.5);
    setQuota("dev", 2);
    try (Hand hand = new Hand(cluster.masters(), "dev/team")) {
      Offer offer = hand.offer();
      assertThat(cpus(offer)).isEqualTo(2);

      // when a task takes a tenth of a cpu
      hand.accept(offer, Hand.launch(Hand.task(offer, "used", "sleep 1000")));
      hand.awaitState("used", TaskState.TASK_RUNNING);

      // then
      JsonNode dev = role("dev");
      assertThat(dev.get("weight").asDouble()).isEqualTo(2.5);
      assertThat(dev.get("quota").get("guarantee").get("cpus").asDouble()).isEqualTo(2);
      assertThat(dev.get("quota").get("limit").get("cpus").asDouble()).isEqualTo(2);
      assertThat(dev.get("quota").get("consumed").get("cpus").asDouble()).isEqualTo(0.1);
      assertThat(role("dev/team").get("frameworks")).hasSize(1);
      hand.client.teardown();
    }
    send("DELETE", "/quota/dev", "", 200);
  }

  @Test
  @DisplayName("CP-378, CP-394 the next leader knows all quotas and weights")
  void shouldKeepWeightsAndQuotasWhenTheLeaderDies() throws Exception {
    // given
    setWeight("kept", 3.5);
    setQuota("kept", 1);
    try (Hand hand = new Hand(cluster.masters(), "kept/team")) {
      Offer offer = hand.offer();
      hand.accept(offer, Hand.launch(Hand.task(offer, "survivor", "sleep 1000")));
      hand.awaitState("survivor", TaskState.TASK_RUNNING);

      // when
      cluster.killMaster(cluster.leader().orElseThrow());

      // then
      assertThat(weight("kept").orElseThrow().get("weight").asDouble()).isEqualTo(3.5);
      JsonNode limits = quota("kept").orElseThrow().get("limits");
      assertThat(limits.get("cpus").get("value").asDouble()).isEqualTo(1);
      await("the rest of the quota on offer")
          .atMost(LONG)
          .until(() -> hand.offers.values().stream().anyMatch(rest -> cpus(rest) == 0.9));
      hand.client.teardown();
    }
    send("DELETE", "/quota/kept", "", 200);
  }

  private static double cpus(Offer offer) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals("cpus"))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  @Test
  @DisplayName("CP-392, CP-417 reservations and volumes are made and undone by form")
  void shouldTakeForms() throws Exception {
    // given
    String agent =
        JSON.readTree(send("GET", "/state", "", 200)).get("slaves").get(0).get("id").asText();
    String reserved =
        "{\"name\":\"disk\",\"type\":\"SCALAR\",\"scalar\":{\"value\":100},\"reservations\":"
            + "[{\"type\":\"DYNAMIC\",\"role\":\"forms\"}]";
    String volume =
        reserved
            + ",\"disk\":{\"persistence\":{\"id\":\"v1\"},\"volume\":{\"container_path\":\"data\","
            + "\"mode\":\"RW\"}}}";

    // when, then
    order("/reserve", agent, "resources", "[" + reserved + "}]");
    await("the reservation")
        .atMost(LONG)
        .until(() -> role("forms").get("reserved").path("disk").asDouble() == 100);
    order("/create-volumes", agent, "volumes", "[" + volume + "]");
    Path data = directory.resolve("cluster/agent0/volumes/roles/forms/v1");
    await("the volume").atMost(LONG).until(() -> java.nio.file.Files.exists(data));
    order("/destroy-volumes", agent, "volumes", "[" + volume + "]");
    await("no volume").atMost(LONG).until(() -> !java.nio.file.Files.exists(data));
    order("/unreserve", agent, "resources", "[" + reserved + "}]");
    await("no reservation").atMost(LONG).until(() -> named(roles(), "name", "forms").isEmpty());
  }

  @Test
  @DisplayName("CP-418 a framework is torn down by form")
  void shouldTearDownByForm() throws Exception {
    // given
    try (Recorder recorder = new Recorder(cluster.masters())) {
      recorder.client.start();
      await("a framework").atMost(LONG).until(() -> !recorder.frameworkIds.isEmpty());
      String id = recorder.frameworkIds.iterator().next();

      // when
      send("POST", "/teardown", "frameworkId=" + id, 200);

      // then
      await("its end").atMost(LONG).until(() -> !recorder.endings.isEmpty());
      send("POST", "/teardown", "frameworkId=" + id, 400);
    }
  }

  private void order(String path, String agent, String name, String json) throws Exception {
    send(
        "POST",
        path,
        "slaveId=" + agent + "&" + name + "=" + URLEncoder.encode(json, StandardCharsets.UTF_8),
        202);
  }
}
