package io.quorate.master.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.log.LogStatus;
import io.quorate.master.event.Call;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.Versions;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.AgentProof;
import io.quorate.protocol.agentlink.MasterProof;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.http.EdgeSettings;
import io.quorate.protocol.link.AgentHandshake;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.link.SigningKey;
import io.quorate.protocol.v1.MasterInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Those who are no agent, or another one, at the master's end of the link. */
class AgentLinkAttacksTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final SigningKey AGENT = SigningKey.ofSeed(SigningKey.freshSeed());
  private static Vertx vertx;
  @TempDir private static Path folder;

  private final AcceptingCore core = new AcceptingCore();
  private MasterServer server;
  private SharedSecret secret;
  private int port;

  /** Accepts all that reaches it. */
  private static final class AcceptingCore implements MasterCore {
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    @Override
    public CompletableFuture<Answer> submit(Call call) {
      calls.add(call);
      return CompletableFuture.completedFuture(new Answer.Accepted());
    }

    @Override
    public void heard(AgentCall call, String linkId) {}

    @Override
    public CompletableFuture<Long> barrier() {
      return CompletableFuture.completedFuture(0L);
    }

    @Override
    public MasterView view() {
      MasterInfo self = MasterInfo.newBuilder().setId("m").setIp(1).setPort(1).build();
      LogStatus log = new LogStatus("m", "m", true, 1, 1, 1, 0, "", "", List.of("m"));
      return new MasterView(MasterState.EMPTY, true, self, 1, self, log, null);
    }
  }

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void start() throws IOException {
    secret = secret("the secret of the agents");
    server =
        new MasterServer(
            vertx,
            FaceSettings.of("127.0.0.1", 0, Optional.of(secret)),
            EdgeSettings.DEFAULT,
            new Versions("1.11.0", "0", 0));
    port =
        server
            .start(core, null, new LogBook(Optional::empty))
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private static SharedSecret secret(String text) throws IOException {
    Path file = Files.createTempFile(folder, "secret", "");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return SharedSecret.read(Files.writeString(file, text));
  }

  private HttpResponse<InputStream> post(byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/agent"))
            .timeout(LONG)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return CLIENT.send(
        headers.length == 0 ? request.build() : request.headers(headers).build(),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  private static AgentCall subscription() {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    call.getSubscribeBuilder().setVersion("1").setRegistrationId("r");
    call.getSubscribeBuilder().getAgentInfoBuilder().setHostname("h");
    return call.build();
  }

  private MasterProof hello(AgentHandshake handshake) throws Exception {
    HttpResponse<InputStream> answer = post(handshake.hello().toByteArray());
    assertThat(answer.statusCode()).isEqualTo(401);
    MasterProof proof = MasterProof.parseFrom(answer.body());
    assertThat(handshake.validate(proof, Optional.empty())).isEmpty();
    return proof;
  }

  private int subscribe(LinkKeys keys, AgentProof proof) throws Exception {
    byte[] sealed = keys.toMaster().seal(0, subscription().toByteArray());
    return post(
            sealed,
            LinkKeys.ID_HEADER,
            keys.id(),
            LinkKeys.NUMBER_HEADER,
            "0",
            LinkKeys.PROOF_HEADER,
            Base64.getEncoder().encodeToString(proof.toByteArray()))
        .statusCode();
  }

  private int call(LinkKeys keys, long number, byte[] sealed) throws Exception {
    return post(
            sealed, LinkKeys.ID_HEADER, keys.id(), LinkKeys.NUMBER_HEADER, Long.toString(number))
        .statusCode();
  }

  /** An agent with its link open. */
  private LinkKeys linked() throws Exception {
    AgentHandshake handshake = new AgentHandshake(AGENT, Optional.of(secret));
    MasterProof proof = hello(handshake);
    LinkKeys keys = handshake.keys(proof);
    int[] status = {0};
    Thread thread =
        new Thread(
            () -> {
              try {
                status[0] = subscribe(keys, handshake.proof(proof));
              } catch (Exception e) {
                status[0] = -1;
              }
            });
    thread.start();
    await("the SUBSCRIBE").atMost(LONG).until(() -> !core.calls.isEmpty());
    server.links().send(keys.id(), AgentEvent.newBuilder().setType(AgentEvent.Type.PING).build());
    thread.join();
    assertThat(status[0]).isEqualTo(200);
    assertThat(core.calls.get(0).getAgent().getKey()).isEqualTo(AGENT.publicKey());
    return keys;
  }

  private static byte[] update() {
    return AgentCall.newBuilder().setType(AgentCall.Type.UNREGISTER).build().toByteArray();
  }

  @Test
  @DisplayName("an agent that proves itself is let in, and what it says is taken once")
  void shouldTakeCallsOnce() throws Exception {
    // given
    LinkKeys keys = linked();
    byte[] sealed = keys.toMaster().seal(1, update());
    // then
    assertThat(call(keys, 1, sealed)).isEqualTo(202);
    assertThat(call(keys, 1, sealed)).isEqualTo(409);
    assertThat(call(keys, 2, sealed)).isEqualTo(409);
    assertThat(call(keys, 2, update())).isEqualTo(409);
    assertThat(call(keys, 2, keys.toMaster().seal(2, update()))).isEqualTo(202);
    assertThat(core.calls).hasSize(3);
  }

  @Test
  @DisplayName("SUBSCRIBE in clear text is refused, of whomever")
  void shouldRefuseUnprovenSubscribe() throws Exception {
    assertThat(post(subscription().toByteArray()).statusCode()).isEqualTo(401);
    assertThat(post(update()).statusCode()).isEqualTo(401);
    assertThat(post(new byte[0]).statusCode()).isEqualTo(401);
    assertThat(core.calls).isEmpty();
  }

  @Test
  @DisplayName("a HELLO without the secret is not worth an answer")
  void shouldRefuseHelloWithoutSecret() throws Exception {
    for (Optional<SharedSecret> known :
        List.of(Optional.<SharedSecret>empty(), Optional.of(secret("some other secret")))) {
      AgentHandshake stranger = new AgentHandshake(AGENT, known);
      HttpResponse<InputStream> answer = post(stranger.hello().toByteArray());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8))
          .contains("does not prove itself");
    }
  }

  @Test
  @DisplayName("a SUBSCRIBE that was sent before is refused, and so is its proof on another link")
  void shouldRefuseReplayedSubscribe() throws Exception {
    // given
    AgentHandshake handshake = new AgentHandshake(AGENT, Optional.of(secret));
    MasterProof proof = hello(handshake);
    LinkKeys keys = handshake.keys(proof);
    AgentProof own = handshake.proof(proof);
    AgentProof broken = own.toBuilder().setSignature(AGENT.sign(new byte[] {1})).build();
    // when
    assertThat(subscribe(keys, broken)).isEqualTo(401);
    // then
    assertThat(subscribe(keys, own)).isEqualTo(409);
    AgentHandshake later = new AgentHandshake(AGENT, Optional.of(secret));
    assertThat(subscribe(later.keys(hello(later)), own)).isEqualTo(401);
    assertThat(core.calls).isEmpty();
  }

  @Test
  @DisplayName("nobody names a key that is another's")
  void shouldRefuseAnothersKey() throws Exception {
    // given
    SigningKey thief = SigningKey.ofSeed(SigningKey.freshSeed());
    AgentHandshake handshake = new AgentHandshake(thief, Optional.of(secret));
    MasterProof proof = hello(handshake);
    // when
    AgentProof stolen = handshake.proof(proof).toBuilder().setKey(AGENT.publicKey()).build();
    // then
    assertThat(subscribe(handshake.keys(proof), stolen)).isEqualTo(401);
    assertThat(core.calls).isEmpty();
  }

  @Test
  @DisplayName("of one who is not known no large body is read")
  void shouldBoundBodiesOfStrangers() throws Exception {
    assertThat(post(new byte[8192]).statusCode()).isEqualTo(413);
    assertThat(post(new byte[8192], LinkKeys.ID_HEADER, "unknown").statusCode()).isEqualTo(409);
  }
}
