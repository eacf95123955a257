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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Weights, quotas and reservations by operators, with real masters, whoever is killed. */
@Tag("process")
class RolesTest {
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
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:512;disk:1000", false));
    cluster.awaitServing(LONG);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private String send(String method, String path, String body, int status) throws Exception {
    await("a leader").atMost(LONG).until(() -> cluster.leader().isPresent());
    String leader = cluster.masters().get(cluster.leader().orElseThrow());
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + leader + path))
                .header("Content-Type", "application/json")
                .method(
                    method,
                    body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as("%s %s: %s", method, path, answer.body()).isEqualTo(status);
    return answer.body();
  }

  private JsonNode role(String name) throws Exception {
    for (JsonNode role : JSON.readTree(send("GET", "/roles", "", 200)).get("roles")) {
      if (role.get("name").asText().equals(name)) {
        return role;
      }
    }
    throw new AssertionError("no role " + name);
  }

  @Test
  @DisplayName(
      "CP-378, CP-394, CP-415, CP-419 weights and quotas are set, shown, and outlive the leader")
  void shouldKeepWeightsAndQuotas() throws Exception {
    send("PUT", "/weights", "[{\"role\":\"dev\",\"weight\":2.5}]", 200);
    send(
        "POST",
        "/quota",
        "{\"role\":\"dev\",\"guarantee\":[{\"name\":\"cpus\",\"type\":\"SCALAR\","
            + "\"scalar\":{\"value\":2}}]}",
        200);
    try (Hand hand = new Hand(cluster.masters(), "dev/team")) {
      Offer offer = hand.offer();
      assertThat(cpus(offer)).isEqualTo(2);
      hand.accept(offer, Hand.launch(Hand.task(offer, "t", "sleep 1000")));
      hand.awaitState("t", TaskState.TASK_RUNNING);
      JsonNode dev = role("dev");
      assertThat(dev.get("weight").asDouble()).isEqualTo(2.5);
      assertThat(dev.get("quota").get("guarantee").get("cpus").asDouble()).isEqualTo(2);
      assertThat(dev.get("quota").get("limit").get("cpus").asDouble()).isEqualTo(2);
      assertThat(dev.get("quota").get("consumed").get("cpus").asDouble()).isEqualTo(0.1);
      assertThat(role("dev/team").get("frameworks")).hasSize(1);

      cluster.killMaster(cluster.leader().orElseThrow());

      assertThat(send("GET", "/weights", "", 200)).isEqualTo("[{\"role\":\"dev\",\"weight\":2.5}]");
      JsonNode config = JSON.readTree(send("GET", "/quota", "", 200)).get("configs").get(0);
      assertThat(config.get("limits").get("cpus").get("value").asDouble()).isEqualTo(2);
      await("the rest of the quota on offer")
          .atMost(LONG)
          .until(
              () -> hand.offers.values().stream().anyMatch(otherOffer -> cpus(otherOffer) == 1.9));
      send("DELETE", "/quota/dev", "", 200);
      assertThat(send("GET", "/quota", "", 200)).isEqualTo("{}");
      hand.client.teardown();
    }
  }

  private static double cpus(Offer offer) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals("cpus"))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  @Test
  @DisplayName(
      "CP-392, CP-417 reservations and volumes by form; CP-418 so is a framework torn down")
  void shouldTakeForms() throws Exception {
    String agent =
        JSON.readTree(send("GET", "/state", "", 200)).get("slaves").get(0).get("id").asText();
    String reserved =
        "{\"name\":\"disk\",\"type\":\"SCALAR\",\"scalar\":{\"value\":100},\"reservations\":"
            + "[{\"type\":\"DYNAMIC\",\"role\":\"dev\"}]";
    String volume =
        reserved
            + ",\"disk\":{\"persistence\":{\"id\":\"v1\"},\"volume\":{\"container_path\":\"data\","
            + "\"mode\":\"RW\"}}}";
    order("/reserve", agent, "resources", "[" + reserved + "}]");
    await("the reservation")
        .atMost(LONG)
        .until(() -> role("dev").get("reserved").path("disk").asDouble() == 100);
    order("/create-volumes", agent, "volumes", "[" + volume + "]");
    Path data = directory.resolve("cluster/agent0/volumes/roles/dev/v1");
    await("the volume").atMost(LONG).until(() -> java.nio.file.Files.exists(data));
    order("/destroy-volumes", agent, "volumes", "[" + volume + "]");
    await("no volume").atMost(LONG).until(() -> !java.nio.file.Files.exists(data));
    order("/unreserve", agent, "resources", "[" + reserved + "}]");
    await("no reservation")
        .atMost(LONG)
        .until(() -> send("GET", "/roles", "", 200).equals("{\"roles\":[]}"));

    try (Recorder recorder = new Recorder(cluster.masters())) {
      recorder.client.start();
      await("a framework").atMost(LONG).until(() -> !recorder.frameworkIds.isEmpty());
      String id = recorder.frameworkIds.iterator().next();
      send("POST", "/teardown", "frameworkId=" + id, 200);
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
