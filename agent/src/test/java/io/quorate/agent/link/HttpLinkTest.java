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
import java.util.stream.Stream;
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

  /** An agent that has nothing to say, with a link to these masters. */
  private LinkIdentity identity() {
    try {
      return LinkIdentity.of(java.nio.file.Files.createTempDirectory("id"));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private HttpLink link(Integer... ports) {
    List<String> masters = Stream.of(ports).map(port -> "127.0.0.1:" + port).toList();
    HttpLink link = new HttpLink(vertx, masters, Optional.empty(), identity());
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
    return link;
  }

  private static void redirect(HttpServerRequest request, int leader) {
    var unused =
        request
            .response()
            .setStatusCode(307)
            .putHeader("Location", "//127.0.0.1:" + leader + "/x")
            .end();
  }

  @Test
  @DisplayName("an agent whose leader fell silent follows the one that another master names")
  void shouldAskWhoLeads() {
    // given
    int leader = listen(this::silent);
    int next = listen(this::silent);
    int follower =
        listen(
            request -> {
              // First it knows no better.
              redirect(request, asked.incrementAndGet() < 3 ? leader : next);
            });
    // when
    HttpLink link = link(leader, follower);
    // then
    await("a second link").atMost(LONG).until(() -> links.get() >= 2 && link.up());
  }

  @Test
  @DisplayName("a master that answers 307 and names no leader does not end the search for one")
  void shouldSurviveRedirectToNowhere() {
    // given
    int nowhere = listen(request -> request.response().setStatusCode(307).end());
    int leader = listen(this::silent);
    // when
    HttpLink link = link(nowhere, leader);
    // then
    await("a link").atMost(LONG).until(link::up);
  }

  @Test
  @DisplayName("a master that takes the subscription and never answers does not hold the agent")
  void shouldLeaveTheMasterThatDoesNotAnswer() {
    // given
    int leader = listen(this::silent);
    int frozen = listen(request -> {});
    int follower = listen(request -> redirect(request, leader));
    // when
    HttpLink link = link(frozen, follower);
    // then
    await("a link").atMost(LONG).until(link::up);
  }
}
