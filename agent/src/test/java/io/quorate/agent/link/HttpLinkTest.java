package io.quorate.agent.link;

import static org.awaitility.Awaitility.await;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.recordio.RecordIo;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HttpLinkTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService core = Executors.newSingleThreadExecutor();
  private final AtomicInteger links = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    core.shutdownNow();
  }

  private int listen(io.vertx.core.Handler<HttpServerRequest> handler) {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return server.actualPort();
  }

  /** Subscribes the agent, and never says another word. */
  private void silent(HttpServerRequest request) {
    AgentEvent.Builder event =
        AgentEvent.newBuilder().setType(AgentEvent.Type.SUBSCRIBED).setTerm(1);
    event.getSubscribedBuilder().setPingIntervalSeconds(0.2).setTotalPingTimeoutSeconds(600);
    event.getSubscribedBuilder().getAgentIdBuilder().setValue("S0");
    event.getSubscribedBuilder().getMasterInfoBuilder().setId("m").setIp(0).setPort(1);
    links.incrementAndGet();
    request.response().setChunked(true).putHeader("Quorate-Link-Id", "link");
    var unused =
        request.response().write(Buffer.buffer(RecordIo.encode(event.build().toByteArray())));
  }

  @Test
  @DisplayName("an agent whose leader fell silent follows the one that another master names")
  void shouldAskWhoLeads() {
    int leader = listen(this::silent);
    int next = listen(this::silent);
    int follower =
        listen(
            request -> {
              asked.incrementAndGet();
              // First it knows no better.
              int leads = asked.get() < 3 ? leader : next;
              request
                  .response()
                  .setStatusCode(307)
                  .putHeader("Location", "//127.0.0.1:" + leads + "/x")
                  .end();
            });
    HttpLink link =
        new HttpLink(
            vertx, List.of("127.0.0.1:" + leader, "127.0.0.1:" + follower), Optional.empty());
    link.start(
        new MasterLink.Listener() {
          @Override
          public AgentCall subscription() {
            return AgentCall.getDefaultInstance();
          }

          @Override
          public void event(AgentEvent event) {}
        },
        core::execute);
    await("a second link").atMost(LONG).until(() -> links.get() >= 2 && link.up());
  }
}
