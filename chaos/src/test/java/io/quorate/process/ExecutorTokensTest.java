package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that have to prove who they are. */
@Tag("process")
class ExecutorTokensTest {
  private static final String VARIABLE = "MESOS_EXECUTOR_AUTHENTICATION_TOKEN";

  @TempDir Path directory;

  private static HttpResponse<String> call(ExecutorBench bench, String executor, String token)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://" + bench.cluster.agents().get(0) + "/api/v1/executor"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(bench.json(executor, "HEARTBEAT", "")))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("with --authenticate_http_executors an executor speaks for itself only, or gets 401")
  void shouldAskForTokens() throws Exception {
    try (LocalCluster cluster = ExecutorBench.cluster(directory, "--authenticate_http_executors");
        ExecutorBench bench = new ExecutorBench(cluster)) {
      Offer offer = bench.launch("a", ExecutorBench.executor("one"), "run");
      bench.launch("b", ExecutorBench.executor("two"), "run");
      bench.hand.awaitState("a", TaskState.TASK_RUNNING);
      bench.hand.awaitState("b", TaskState.TASK_RUNNING);
      assertThat(call(bench, "one", bench.token("one").orElseThrow()).statusCode()).isEqualTo(202);
      assertThat(call(bench, "one", bench.token("two").orElseThrow()).statusCode()).isEqualTo(403);
      HttpResponse<String> none =
          bench.call("/api/v1/executor", bench.json("one", "HEARTBEAT", ""));
      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(none.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer ");
      String forged = bench.token("one").orElseThrow();
      forged = forged.substring(0, forged.length() - 3) + "AAA";
      assertThat(call(bench, "one", forged).statusCode()).isEqualTo(401);
      cluster.killAgent(0);
      cluster.restartAgent(0);
      await("it is known again")
          .atMost(LONG)
          .until(
              () ->
                  bench.lines("one").stream().filter(line -> line.startsWith("subscribed ")).count()
                      == 2);
      await("the link is back").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
      bench.message(offer.getAgentId(), "one", "finish a");
      bench.hand.awaitState("a", TaskState.TASK_FINISHED);
      assertThat(Files.readString(cluster.directory().resolve("agent0.log")))
          .doesNotContain(bench.token("one").orElseThrow());
    }
  }

  @Test
  @DisplayName("an executor that sends no token is believed by its socket, a stranger is not")
  void shouldBelieveTheContainersOwnSocket() throws Exception {
    try (LocalCluster cluster = ExecutorBench.cluster(directory);
        ExecutorBench bench = new ExecutorBench(cluster)) {
      // given
      ExecutorInfo.Builder old = ExecutorBench.executor("old");
      List<String> words = new ArrayList<>(List.of("env", "-u", VARIABLE));
      words.addAll(old.getCommand().getArgumentsList());
      old.getCommandBuilder().setValue("env").clearArguments().addAllArguments(words);
      // when
      Offer offer = bench.launch("a", old, "run");
      bench.hand.awaitState("a", TaskState.TASK_RUNNING);
      // then
      HttpResponse<String> stranger =
          bench.call("/api/v1/executor", bench.json("old", "SUBSCRIBE", ",\"subscribe\":{}"));
      assertThat(stranger.statusCode()).isEqualTo(401);
      assertThat(stranger.headers().firstValue("WWW-Authenticate").orElseThrow())
          .startsWith("Bearer ");
      assertThat(call(bench, "old", "no.token.atall").statusCode()).isEqualTo(401);
      bench.message(offer.getAgentId(), "old", "finish a");
      bench.hand.awaitState("a", TaskState.TASK_FINISHED);
    }
  }
}
