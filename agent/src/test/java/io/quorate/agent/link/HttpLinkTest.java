package io.quorate.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.link.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpLinkTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService core = Executors.newSingleThreadExecutor();
  private final List<AgentEvent> events = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    core.shutdownNow();
  }

  private TestMaster master() {
    return new TestMaster(vertx);
  }

  private HttpLink link(TestMaster... masters) throws IOException {
    return link(Optional.empty(), masters);
  }

  /** An agent that has nothing to say, with a link to these masters. */
  private HttpLink link(Optional<SharedSecret> secret, TestMaster... masters) throws IOException {
    List<String> addresses =
        Stream.of(masters).map(master -> "127.0.0.1:" + master.port()).toList();
    HttpLink link = new HttpLink(vertx, addresses, secret, LinkIdentity.of(folder.resolve("meta")));
    link.start(
        new MasterLink.Listener() {
          @Override
          public AgentCall subscription() {
            return AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE).build();
          }

          @Override
          public void event(AgentEvent event) {
            events.add(event);
          }
        },
        core::execute);
    return link;
  }

  private SharedSecret secret(String text) throws IOException {
    Path file = Files.createTempFile(folder, "secret", "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return SharedSecret.read(Files.writeString(file, text));
  }

  private void awaitHellos(TestMaster master, int count) {
    await("HELLO").atMost(LONG).until(() -> master.hellos.get() >= count);
  }

  // -- Looking for the leader -------------------------------------------------------------------

  @Test
  @DisplayName("an agent whose leader fell silent follows the one that another master names")
  void shouldAskWhoLeads() throws IOException {
    // given
    TestMaster leader = master();
    TestMaster next = master();
    TestMaster follower = master();
    // First it knows no better.
    follower.leader = () -> follower.hellos.get() < 3 ? leader.port() : next.port();
    // when
    HttpLink link = link(leader, follower);
    // then
    await("a second link").atMost(LONG).until(() -> !next.subscriptions.isEmpty() && link.up());
  }

  @Test
  @DisplayName("a master that answers 307 and names no leader does not end the search for one")
  void shouldSurviveRedirectToNowhere() throws IOException {
    // given
    TestMaster nowhere = master();
    nowhere.instead = Optional.of(request -> request.response().setStatusCode(307).end());
    // when
    HttpLink link = link(nowhere, master());
    // then
    await("a link").atMost(LONG).until(link::up);
  }

  @Test
  @DisplayName("a master that takes HELLO and never answers does not hold the agent")
  void shouldLeaveTheMasterThatDoesNotAnswer() throws IOException {
    // given
    TestMaster leader = master();
    TestMaster frozen = master();
    frozen.instead = Optional.of(request -> {});
    TestMaster follower = master();
    follower.leader = leader::port;
    // when
    HttpLink link = link(frozen, follower);
    // then
    await("a link").atMost(LONG).until(link::up);
  }

  // -- Who is no master -------------------------------------------------------------------------

  /** Nothing but HELLO is said to it, and nothing of it is believed. */
  private void refuses(TestMaster stranger, HttpLink link) {
    awaitHellos(stranger, 2);
    assertThat(stranger.subscriptions).isEmpty();
    assertThat(events).isEmpty();
    assertThat(link.up()).isFalse();
  }

  @Test
  @DisplayName("whoever says that the agent is subscribed, and proves nothing, is not believed")
  void shouldNotBelieveUnprovenEvents() throws IOException {
    // given
    TestMaster stranger = master();
    stranger.instead =
        Optional.of(
            request -> {
              request.response().putHeader("Quorate-Link-Id", "link").setChunked(true);
              TestMaster.write(request, TestMaster.subscribed(Long.MAX_VALUE).toByteArray());
              request.response().end();
            });
    // then
    refuses(stranger, link(stranger));
  }

  @Test
  @DisplayName("a master that does not know the agents' secret is not believed")
  void shouldNotBelieveMasterWithoutSecret() throws IOException {
    // given
    TestMaster stranger = master();
    stranger.secret = Optional.of(secret("another secret of agents"));
    // then
    refuses(stranger, link(Optional.of(secret("the secret of the agents")), stranger));
  }

  @Test
  @DisplayName("an agent that belongs to a cluster does not believe a master of another one")
  void shouldNotBelieveMasterOfAnotherCluster() throws IOException {
    // given
    LinkIdentity.of(folder.resolve("meta")).belongTo(TestMaster.CLUSTER.publicKey());
    TestMaster stranger = master();
    stranger.key = SigningKey.ofCluster("another quorum's secret".getBytes(StandardCharsets.UTF_8));
    // then
    refuses(stranger, link(stranger));
  }

  @Test
  @DisplayName("a redirect of one that does not prove itself is not followed")
  void shouldNotFollowUnprovenRedirect() throws IOException {
    // given
    TestMaster target = master();
    TestMaster stranger = master();
    stranger.instead =
        Optional.of(
            request ->
                request
                    .response()
                    .setStatusCode(307)
                    .putHeader("Location", "//127.0.0.1:" + target.port() + "/api/v1/agent")
                    .end());
    // when
    HttpLink link = link(stranger);
    // then
    refuses(stranger, link);
    assertThat(target.hellos.get()).isZero();
  }

  @Test
  @DisplayName("an endless answer to HELLO is not kept")
  void shouldBoundProof() throws IOException {
    // given
    TestMaster stranger = master();
    stranger.instead =
        Optional.of(
            request -> {
              request.response().setStatusCode(401).putHeader("WWW-Authenticate", "Quorate-Link");
              request.response().setChunked(true).write(Buffer.buffer(new byte[100_000]));
            });
    // then
    refuses(stranger, link(stranger));
  }

  // -- Who is on the wire -----------------------------------------------------------------------

  @Test
  @DisplayName("an injected event, with whatever term, is not the master's, and ends the link")
  void shouldRefuseInjectedEvent() throws IOException {
    // given
    TestMaster master = master();
    AtomicBoolean injected = new AtomicBoolean();
    master.after =
        (keys, request) -> {
          if (injected.compareAndSet(false, true)) {
            TestMaster.write(request, TestMaster.subscribed(Long.MAX_VALUE).toByteArray());
          }
        };
    // when
    HttpLink link = link(master);
    // then
    await("a second link").atMost(LONG).until(() -> master.subscriptions.size() == 2 && link.up());
    assertThat(events).allMatch(event -> event.getTerm() == 1);
  }

  @Test
  @DisplayName("an event that is sent again is not taken again, and ends the link")
  void shouldRefuseReplayedEvent() throws IOException {
    // given
    TestMaster master = master();
    AtomicBoolean replayed = new AtomicBoolean();
    master.after =
        (keys, request) -> {
          if (replayed.compareAndSet(false, true)) {
            TestMaster.write(
                request, keys.toAgent().seal(0, TestMaster.subscribed(1).toByteArray()));
          }
        };
    // when
    HttpLink link = link(master);
    // then
    await("a second link").atMost(LONG).until(() -> master.subscriptions.size() == 2 && link.up());
    await("an event of each link").atMost(LONG).until(() -> events.size() >= 2);
    assertThat(events).hasSize(2);
  }

  @Test
  @DisplayName("a call counts as taken only if the master itself says so")
  void shouldNotBelieveUnprovenAnswer() throws IOException {
    // given
    TestMaster master = master();
    HttpLink link = link(master);
    AtomicBoolean taken = new AtomicBoolean();
    await("a link").atMost(LONG).until(link::up);
    master.provesAnswers = false;
    // when
    link.send(AgentCall.newBuilder().setType(AgentCall.Type.PONG).build(), () -> taken.set(true));
    // then
    await("another link").atMost(LONG).until(() -> master.subscriptions.size() == 2);
    assertThat(taken).isFalse();
    // and when
    await("a link").atMost(LONG).until(link::up);
    master.provesAnswers = true;
    link.send(AgentCall.newBuilder().setType(AgentCall.Type.PONG).build(), () -> taken.set(true));
    await("taken").atMost(LONG).untilTrue(taken);
  }

  @Test
  @DisplayName("the agent's key is its own, and another process of it has the same")
  void shouldKeepKey() throws IOException {
    // when
    Path meta = folder.resolve("meta");
    LinkIdentity first = LinkIdentity.of(meta);
    first.belongTo(TestMaster.CLUSTER.publicKey());
    // then
    LinkIdentity again = LinkIdentity.of(meta);
    assertThat(again.key().publicKey()).isEqualTo(first.key().publicKey());
    assertThat(again.cluster()).contains(TestMaster.CLUSTER.publicKey());
    for (String file : List.of("agent.key", "cluster.key")) {
      assertThat(Files.getPosixFilePermissions(meta.resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }
}
