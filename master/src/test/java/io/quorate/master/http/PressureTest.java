package io.quorate.master.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.log.LogStatus;
import io.quorate.log.NotLeaderException;
import io.quorate.master.event.Call;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.access.RateLimits;
import io.quorate.master.http.access.RateLimitsTest;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.Consistency;
import io.quorate.master.http.server.Versions;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.http.EdgeSettings;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The scheduler's face with a core that does what the test says. */
class PressureTest {
  private static final int CALLS_MAX = 3;
  private static final Event SUBSCRIBED =
      Event.newBuilder()
          .setType(Event.Type.SUBSCRIBED)
          .setSubscribed(
              Event.Subscribed.newBuilder().setFrameworkId(FrameworkID.newBuilder().setValue("f")))
          .setLogIndex(7)
          .build();
  private static Vertx vertx;
  private final FakeCore core = new FakeCore();
  private MasterServer server;
  private int port;

  /** Calls wait in a queue; the test answers them. */
  private static final class FakeCore implements MasterCore {
    private volatile MasterState state = MasterState.EMPTY;
    private volatile boolean leading = true;
    private volatile RuntimeException fault;
    private volatile CompletableFuture<Long> barrier = new CompletableFuture<>();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Answer>> answers = new LinkedBlockingQueue<>();

    @Override
    public CompletableFuture<Answer> submit(Call call) {
      CompletableFuture<Answer> answer = new CompletableFuture<>();
      answers.add(answer);
      calls.add(call);
      return answer;
    }

    Call next() throws InterruptedException {
      Call call = calls.poll(20, TimeUnit.SECONDS);
      assertThat(call).as("a call reached the core").isNotNull();
      return call;
    }

    @Override
    public void heard(AgentCall call, String linkId) {}

    @Override
    public CompletableFuture<Long> barrier() {
      return barrier;
    }

    @Override
    public MasterView view() {
      if (fault != null) {
        throw fault;
      }
      MasterInfo self = MasterInfo.newBuilder().setId("m").setIp(1).setPort(1).build();
      LogStatus log = new LogStatus("m", "m", true, 1, 1, 1, 0, "", "", List.of("m"));
      return new MasterView(state, leading, leading ? self : null, 1, self, log, null);
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
  void start() {
    start(RateLimits.NONE);
  }

  private void start(RateLimits limits) {
    server =
        new MasterServer(
            vertx,
            FaceSettings.of("127.0.0.1", 0, Optional.empty())
                .withCallsInFlightMax(CALLS_MAX)
                .with(limits),
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

  private CompletableFuture<HttpResponse<String>> decline(HttpClient client, String framework) {
    String body =
        "{\"type\":\"DECLINE\",\"framework_id\":{\"value\":\""
            + framework
            + "\"},\"decline\":{\"offer_ids\":[]}}";
    return client.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/scheduler"))
            .header("Content-Type", "application/json")
            .header("Mesos-Stream-Id", "s")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("CP-032 a leader that does not serve yet answers 503 to scheduler calls")
  void shouldAnswerBeforeServing() throws Exception {
    core.leading = false;
    HttpResponse<String> answer =
        decline(HttpClient.newHttpClient(), "any").get(20, TimeUnit.SECONDS);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("No leader elected");
    assertThat(core.calls).isEmpty();
  }

  @Test
  @DisplayName("a query that cannot be decoded is answered 400 at once")
  void shouldAnswerAQueryThatCannotBeDecoded() throws Exception {
    // given
    String[] queries = {"%", "a=%zz", "x=100%&y=1"};

    for (String query : queries) {
      // when
      String status = statusOf("/frameworks?" + query);

      // then
      assertThat(status).as(query).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  @DisplayName("an exception of ours is answered 500, and the connection is closed")
  void shouldAnswerAnExceptionOfOurs() throws Exception {
    // given
    core.fault = new IllegalStateException("planted");

    // when
    String status = statusOf("/state");

    // then
    assertThat(status).startsWith("HTTP/1.1 500 ");
  }

  /** The status line of the answer to a GET, which ends with the connection. */
  private String statusOf(String target) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      String request = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private CompletableFuture<HttpResponse<String>> weights(String consistency) {
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1"))
                .header("Content-Type", "application/json")
                .header(Consistency.HEADER, consistency)
                .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"GET_WEIGHTS\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("A linearizable read waits for a majority, and without one is answered 503")
  void shouldReadLinearizably() throws Exception {
    CompletableFuture<HttpResponse<String>> read = weights("linearizable");
    HttpRequest plain =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/weights")).build();
    assertThat(
            HttpClient.newHttpClient()
                .send(plain, HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    assertThat(read).isNotDone();
    core.barrier.complete(7L);
    assertThat(read.get(20, TimeUnit.SECONDS).body()).contains("GET_WEIGHTS");

    core.barrier = CompletableFuture.failedFuture(new NotLeaderException("cut off"));
    HttpResponse<String> unsure = weights("linearizable").get(20, TimeUnit.SECONDS);
    assertThat(unsure.statusCode()).isEqualTo(503);
    assertThat(unsure.headers().firstValue("Retry-After")).hasValue("1");

    HttpResponse<String> wrong = weights("eventual").get(20, TimeUnit.SECONDS);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(wrong.body()).isEqualTo("Expecting 'Quorate-Consistency' to be 'linearizable'");
  }

  @Test
  @DisplayName("A scheduler that floods is told 429 and when to come back; others are not hindered")
  void shouldLimitFloods() throws Exception {
    core.state = knows("floods", "other");
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < CALLS_MAX; i++) {
      var unused = decline(client, "floods");
      core.next();
    }
    HttpResponse<String> refused = decline(client, "floods").get(20, TimeUnit.SECONDS);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.body()).contains("3 calls", "was not done");
    CompletableFuture<HttpResponse<String>> other = decline(client, "other");
    assertThat(core.next().getScheduler().getCall().getFrameworkId().getValue()).isEqualTo("other");

    // All that are not known count as one: their names would have no bound.
    for (int i = 0; i < CALLS_MAX; i++) {
      var unused = decline(client, "nobody" + i);
      core.next();
    }
    assertThat(decline(client, "nobody").get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(429);

    core.answers.forEach(answer -> answer.complete(new Answer.Accepted()));
    assertThat(other.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    var unused = decline(client, "floods");
    core.next();
  }

  private static MasterState knows(String... ids) {
    MasterState state = MasterState.EMPTY;
    for (String id : ids) {
      state =
          state.subscribed(
              new FrameworkId(id),
              FrameworkInfo.newBuilder().setUser("u").setName("n").setPrincipal("of-" + id).build(),
              "s",
              Framework.Wishes.NONE);
    }
    return state;
  }

  @Test
  @DisplayName("CP-461 a principal's calls come to the core at its pace, and too many get 429")
  void shouldKeepThePace() throws Exception {
    stop();
    core.state = knows("slow", "fast");
    start(
        RateLimitsTest.limits(
            "{'limits':[{'principal':'of-slow','qps':0.001,'capacity':0},"
                + "{'principal':'of-fast','qps':20,'capacity':100}]}"));
    HttpClient client = HttpClient.newHttpClient();
    var unused = decline(client, "slow");
    core.next();
    HttpResponse<String> refused = decline(client, "slow").get(20, TimeUnit.SECONDS);
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1000");
    assertThat(refused.body()).contains("'of-slow'", "was not done");

    long begin = System.nanoTime();
    for (int i = 0; i < CALLS_MAX; i++) {
      unused = decline(client, "fast");
    }
    for (int i = 0; i < CALLS_MAX; i++) {
      assertThat(core.next().getScheduler().getCall().getFrameworkId().getValue())
          .isEqualTo("fast");
    }
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo((CALLS_MAX - 1) * 50_000_000L);
  }

  @Test
  @DisplayName("CP-044, CP-052 a subscriber that stops reading is cut off, and the core is told")
  void shouldCutOffWhoDoesNotRead() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String stream = subscribe(socket);
      server.streams().send(stream, SUBSCRIBED);
      core.answers.take().complete(new Answer.Accepted());
      readUntil(socket.getInputStream(), "HEARTBEAT");

      Event large =
          Event.newBuilder()
              .setType(Event.Type.MESSAGE)
              .setMessage(
                  Event.Message.newBuilder()
                      .setAgentId(io.quorate.protocol.v1.AgentID.newBuilder().setValue("a"))
                      .setExecutorId(io.quorate.protocol.v1.ExecutorID.newBuilder().setValue("e"))
                      .setData(ByteString.copyFrom(new byte[256 << 10])))
              .build();
      for (int i = 0; i < 400; i++) {
        server.streams().send(stream, large);
      }
      Call closed = core.next();
      assertThat(closed.getCloseStream().getFrameworkId()).isEqualTo("f");
      assertThat(closed.getCloseStream().getStreamId()).isEqualTo(stream);
    }
  }

  @Test
  @DisplayName("CP-052 a subscriber that hangs up before it was answered is told of as well")
  void shouldTellWhoLeft() throws Exception {
    String stream;
    try (Socket socket = new Socket("127.0.0.1", port)) {
      stream = subscribe(socket);
    }
    CompletableFuture<Answer> answer = core.answers.take();
    // By the time that this one has come through, the end of the connection was mostly seen.
    var unused = decline(HttpClient.newHttpClient(), "other");
    core.next();
    server.streams().send(stream, SUBSCRIBED);
    answer.complete(new Answer.Accepted());
    Call closed = core.next();
    assertThat(closed.getCloseStream().getFrameworkId()).isEqualTo("f");
    assertThat(closed.getCloseStream().getStreamId()).isEqualTo(stream);
  }

  @Test
  @DisplayName("A subscription that the lead's end overtook is answered, and then ends")
  void shouldAnswerBeforeTheEnd() throws Exception {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      String stream = subscribe(socket);
      server.streams().send(stream, SUBSCRIBED);
      server.streams().endAll();
      core.answers.take().complete(new Answer.Accepted());
      // Also the last chunk, which is empty.
      readUntil(socket.getInputStream(), "\r\n0\r\n");
    }
  }

  /** Asks to subscribe; the stream's id as the core is told. */
  private String subscribe(Socket socket) throws Exception {
    String body =
        "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":"
            + "{\"user\":\"u\",\"name\":\"n\"}}}";
    OutputStream out = socket.getOutputStream();
    out.write(
        ("POST /api/v1/scheduler HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    return core.next().getScheduler().getStreamId();
  }

  private static void readUntil(InputStream in, String text) throws Exception {
    StringBuilder seen = new StringBuilder();
    byte[] chunk = new byte[1024];
    while (seen.indexOf(text) < 0) {
      int count = in.read(chunk);
      assertThat(count).isPositive();
      seen.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
    }
    assertThat(seen.toString()).contains("Mesos-Stream-Id", "\"log_index\":7", "\"log_index\":6");
  }
}
