package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of tasks on an agent's disk, and for how long. */
@Tag("process")
class SandboxesTest {
  @TempDir Path directory;

  @Test
  @DisplayName("CP-336, CP-338 output is read by the sandbox's path and by its virtual one")
  void shouldReadOutput() throws Exception {
    try (LocalCluster cluster = ExecutorBench.cluster(directory);
        ExecutorBench bench = new ExecutorBench(cluster)) {
      Offer offer = bench.offer();
      bench.hand.accept(offer, Hand.launch(Hand.task(offer, "says", "echo out; echo err >&2")));
      bench.hand.awaitState("says", TaskState.TASK_FINISHED);
      String virtual = "/frameworks/" + bench.framework() + "/executors/says/runs/latest";
      for (String folder : new String[] {bench.sandbox("says").toString(), virtual}) {
        assertThat(read(cluster, folder + "/stdout")).isEqualTo("out\n");
        assertThat(read(cluster, folder + "/stderr")).isEqualTo("err\n");
      }
    }
  }

  private static String read(LocalCluster cluster, String path)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://"
                                + cluster.agents().get(0)
                                + "/files/read?offset=0&path="
                                + path))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode json = new ObjectMapper().readTree(answer.body());
    return json.path("data").asText();
  }

  @Test
  @DisplayName("CP-337 the sandbox of what ended goes after a while; that of what runs stays")
  void shouldRemoveOldSandboxes() throws Exception {
    try (LocalCluster cluster =
            ExecutorBench.cluster(
                directory,
                "--gc_delay=2secs",
                "--gc_disk_headroom=0",
                "--disk_watch_interval=200ms");
        ExecutorBench bench = new ExecutorBench(cluster)) {
      Offer offer = bench.offer();
      bench.hand.accept(
          offer,
          Hand.launch(Hand.task(offer, "runs", "while :; do sleep 0.1; done")),
          Hand.launch(Hand.task(offer, "ends", "true")));
      bench.hand.awaitState("ends", TaskState.TASK_FINISHED);
      bench.hand.awaitState("runs", TaskState.TASK_RUNNING);
      Path ended = bench.sandbox("ends").getParent().getParent();
      Path running = bench.sandbox("runs");
      await("it is gone").atMost(LONG).until(() -> !Files.exists(ended));
      assertThat(running.toRealPath().resolve("stdout")).exists();
    }
  }
}
