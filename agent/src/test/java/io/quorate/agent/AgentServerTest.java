package io.quorate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentAccess;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.agent.http.AgentPort;
import io.quorate.agent.http.AgentServer;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.task.Sources;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.auth.Credentials;
import io.quorate.protocol.http.EdgeSettings;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's port over HTTP, around a core whose machine and link are made up. */
class AgentServerTest {
  private static final int CALL_BYTES_MAX = 200;
  private static final ExecutorTokens TOKENS = ExecutorTokens.of(new byte[32]);

  /** A call of an executor that nobody launched. */
  private static final String SUBSCRIBE =
      "{\"type\":\"SUBSCRIBE\",\"framework_id\":{\"value\":\"F\"},"
          + "\"executor_id\":{\"value\":\"e\"},\"subscribe\":{}}";

  private static final MasterLink NO_LINK =
      new MasterLink() {
        @Override
        public boolean up() {
          return false;
        }

        @Override
        public void leave(String why) {
          // There is none.
        }

        @Override
        public void send(AgentCall call, Runnable taken) {
          // Nobody hears it.
        }
      };

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final BasicCredential reader = new BasicCredential("reader", "a secret of readers");
  private final MemoryJournal journal = new MemoryJournal();
  private final FakeMachine machine = new FakeMachine(this::run);
  private AgentCore core;
  private int port;

  /** One turn of the agent's loop, on the thread that has something for it. */
  private synchronized void run(Runnable event) {
    core.take(List.of(event));
    try {
      do {
        journal.sync();
      } while (core.act());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void start() throws Exception {
    AgentSettings settings = settings();
    core =
        new AgentCore(
            settings,
            new AgentEnvironment(
                Sources.system(),
                this::run,
                journal,
                NO_LINK,
                machine,
                machine,
                AgentScenario.UNLIMITED,
                AgentScenario.SILENT,
                TOKENS));
    AgentPort setUp =
        new AgentPort(
            EdgeSettings.DEFAULT,
            new AgentAccess(Optional.of(readers()), true, false),
            new TreeMap<>(),
            0);
    HttpServer server =
        new AgentServer(vertx, settings, setUp, core)
            .start()
            .toCompletableFuture()
            .get(1, TimeUnit.MINUTES);
    port = server.actualPort();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
  }

  private AgentSettings settings() {
    AgentSettings usual = AgentScenario.settings(1 << 20);
    ExecutorSettings executors = usual.executors();
    return new AgentSettings(
        usual.masters(),
        usual.ip(),
        0,
        usual.hostname(),
        folder,
        usual.resources(),
        usual.attributes(),
        usual.domain(),
        usual.switchUser(),
        usual.secret(),
        usual.startsMax(),
        usual.checksMax(),
        usual.journalBytesMax(),
        new ExecutorSettings(
            executors.registrationTimeout(),
            executors.reregistrationTimeout(),
            executors.shutdownGrace(),
            executors.recoveryTimeout(),
            executors.heartbeat(),
            CALL_BYTES_MAX,
            executors.unreadBytesMax(),
            executors.authenticate(),
            executors.environment(),
            executors.updatesMax()),
        usual.fetch(),
        usual.docker(),
        usual.isolation(),
        usual.gc(),
        usual.files());
  }

  private Credentials readers() throws IOException {
    Path file = folder.resolve("credentials.json");
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        "{\"credentials\":[{\"principal\":\"%s\",\"secret\":\"%s\"}]}"
            .formatted(reader.principal(), reader.secret()));
    return Credentials.read(file);
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofMinutes(1));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> call(String contentType, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request = to("/api/v1/executor").POST(BodyPublishers.ofString(body));
    if (!contentType.isEmpty()) {
      request.header("Content-Type", contentType);
    }
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  @DisplayName("health and version are for anybody, also before the agent has recovered")
  void shouldTellAnybodyThatItLives() throws Exception {
    // when, then
    assertThat(send(to("/health")).statusCode()).isEqualTo(200);
    assertThat(send(to("/slave(1)/health")).statusCode()).isEqualTo(200);
    assertThat(send(to("/version")).body()).contains("\"version\"");
    assertThat(send(to("/nothing")).statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("flags, state and files are for readers who log in")
  void shouldAskReadersToLogIn() throws Exception {
    for (String path : new String[] {"/flags", "/state", "/containers", "/files/browse?path=/"}) {
      // when
      HttpResponse<String> answer = send(to(path));

      // then
      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValue("Basic realm=\"mesos-agent-readonly\"");
    }

    // when a wrong secret and a right one are sent
    String wrong = new BasicCredential("reader", "another secret").authorization();
    HttpResponse<String> refused = send(to("/flags").header("Authorization", wrong));
    HttpResponse<String> shown = send(to("/flags").header("Authorization", reader.authorization()));

    // then
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(shown.statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("executors are told to come again while the agent recovers")
  void shouldTakeNoCallBeforeItRecovered() throws Exception {
    // when
    HttpResponse<String> before = call("application/json", SUBSCRIBE);
    core.recover(Reconfiguration.EQUAL);
    HttpResponse<String> after = call("application/json", SUBSCRIBE);

    // then
    assertThat(before.statusCode()).isEqualTo(503);
    assertThat(before.body()).isEqualTo("Agent has not finished recovery");
    assertThat(after.statusCode()).isBetween(400, 499);
  }

  @Test
  @DisplayName("a call whose method, type or body is wrong is refused with what is wrong")
  void shouldSayWhatIsWrongWithACall() throws Exception {
    // given
    core.recover(Reconfiguration.EQUAL);

    // when, then
    HttpResponse<String> looked = send(to("/api/v1/executor"));
    assertThat(looked.statusCode()).isEqualTo(405);
    assertThat(looked.headers().firstValue("Allow")).hasValue("POST");
    assertThat(call("", SUBSCRIBE).statusCode()).isEqualTo(400);
    assertThat(call("text/plain", SUBSCRIBE).statusCode()).isEqualTo(415);
    assertThat(call("application/json", "{").body()).contains("Failed to parse body into JSON");
    assertThat(call("application/x-protobuf", "{").body())
        .contains("Failed to parse body into Call protobuf");
    assertThat(call("application/json", SUBSCRIBE.replace(",\"subscribe\":{}", "")).body())
        .contains("Failed to validate executor::Call");
  }

  @Test
  @DisplayName("a call that is larger than its bound is refused")
  void shouldBoundTheBodyOfACall() throws Exception {
    // given
    core.recover(Reconfiguration.EQUAL);

    // when
    HttpResponse<String> answer = call("application/json", " ".repeat(CALL_BYTES_MAX) + SUBSCRIBE);

    // then
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("limit of " + CALL_BYTES_MAX + " bytes");
  }

  @Test
  @DisplayName("a token that another agent made proves nothing")
  void shouldRefuseTheTokenOfAnotherAgent() throws Exception {
    // given
    core.recover(Reconfiguration.EQUAL);
    byte[] key = new byte[32];
    key[0] = 1;
    ExecutorId executor =
        ExecutorId.of(
            FrameworkID.newBuilder().setValue("F").build(),
            ExecutorID.newBuilder().setValue("e").build());
    String token = ExecutorTokens.of(key).token(executor, "container");

    // when
    HttpResponse<String> answer =
        call("application/json", SUBSCRIBE, "Authorization", "Bearer " + token);

    // then
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"mesos-agent-executor\"");
  }
}
