package io.quorate.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads slowly, or not at all, hinders nobody and loses nothing. */
@Tag("process")
class SlowReadersTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final int READERS = 20;
  private static final int NAME_BYTES = 4 << 20;
  private static final int UNKNOWN_TASKS = 10_000;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path directory;
  private LocalCluster cluster;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 1, 1, 0, "cpus:4;mem:512;disk:1000", false));
    cluster.awaitServing(LONG);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable autoCloseable : open) {
      autoCloseable.close();
    }
    cluster.close();
  }

  private String master() {
    return cluster.masters().get(0);
  }

  // -- Views ------------------------------------------------------------------------------------

  /** A request whose answer is taken byte by byte. */
  private Socket reader() throws IOException {
    String[] address = master().split(":");
    Socket socket = new Socket();
    open.add(socket);
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
    socket.setSoTimeout((int) LONG.toMillis());
    socket
        .getOutputStream()
        .write("GET /state HTTP/1.1\r\nHost: m\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String statusLine(Socket socket) throws IOException {
    byte[] line = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    return new String(line, StandardCharsets.US_ASCII);
  }

  @Test
  @DisplayName(
      "Twenty readers of a /state of 12 MB, a byte a second, delay no launch and no reader")
  void shouldLaunchBesideSlowReaders() throws Exception {
    for (int i = 0; i < 3; i++) {
      open.add(
          new Stalling(
              Call.Subscribe.newBuilder()
                  .setFrameworkInfo(Hand.info("other").setName("x".repeat(NAME_BYTES)))
                  .addSuppressedRoles("other")));
    }
    await("a large state")
        .atMost(LONG)
        .until(
            () ->
                cluster
                    .reader()
                    .get(master(), "/state")
                    .map(state -> state.path("frameworks").size() == 3)
                    .orElse(false));
    List<Socket> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(reader());
    }
    TreeSet<String> answers = new TreeSet<>();
    for (Socket socket : readers) {
      answers.add(statusLine(socket));
    }
    // Those that would be too much for the heap are told to come back.
    assertThat(answers).contains("HTTP/1.1 200").isSubsetOf("HTTP/1.1 200", "HTTP/1.1 503");

    ScheduledExecutorService slow = Executors.newSingleThreadScheduledExecutor();
    var unused =
        slow.scheduleWithFixedDelay(() -> readers.forEach(SlowReadersTest::readOne), 0, 1, SECONDS);
    Hand hand = new Hand(cluster.masters(), "dev");
    try {
      for (int i = 0; i < 5; i++) {
        long begin = System.nanoTime();
        Offer offer = hand.offer();
        hand.accept(offer, Hand.launch(Hand.task(offer, "t" + i, "true")));
        hand.awaitState("t" + i, TaskState.TASK_FINISHED);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(cluster.reader().status(master())).isPresent();
      }
    } finally {
      slow.shutdownNow();
      hand.client.teardown();
      hand.close();
    }
    for (Socket socket : readers) {
      socket.close();
    }
    await("readers who do read")
        .atMost(LONG)
        .until(() -> cluster.reader().get(master(), "/state").isPresent());
  }

  private static void readOne(Socket reader) {
    try {
      if (reader.getInputStream().available() > 0) {
        assertThat(reader.getInputStream().read()).isNotNegative();
      }
    } catch (IOException e) {
      // The master cut it off.
    }
  }

  // -- Streams ----------------------------------------------------------------------------------

  /** A scheduler of which the test decides when it reads. */
  private final class Stalling implements AutoCloseable {
    private final String streamId;
    private final InputStream in;
    private final RecordIoDecoder decoder = new RecordIoDecoder(64 << 20);
    final List<Event> events = new ArrayList<>();

    Stalling(Call.Subscribe.Builder wishes) throws Exception {
      Call subscribe = Call.newBuilder().setType(Call.Type.SUBSCRIBE).setSubscribe(wishes).build();
      HttpResponse<InputStream> answer =
          HTTP.send(
              request(subscribe).header("Accept", "application/x-protobuf").build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      streamId = answer.headers().firstValue("Mesos-Stream-Id").orElseThrow();
      in = answer.body();
    }

    private HttpRequest.Builder request(Call call) {
      return HttpRequest.newBuilder(URI.create("http://" + master() + "/api/v1/scheduler"))
          .header("Content-Type", "application/x-protobuf")
          .timeout(LONG)
          .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()));
    }

    void readUntilOffer() throws IOException {
      byte[] chunk = new byte[4096];
      while (events.stream().noneMatch(Event::hasOffers)) {
        int count = in.read(chunk);
        assertThat(count).isPositive();
        decoder.feed(
            chunk,
            0,
            count,
            record -> {
              try {
                events.add(Event.parseFrom(record));
              } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
              }
            });
      }
    }

    String id() {
      return events.get(0).getSubscribed().getFrameworkId().getValue();
    }

    int call(Call.Builder call) throws Exception {
      call.getFrameworkIdBuilder().setValue(id());
      return HTTP.send(
              request(call.build()).header("Mesos-Stream-Id", streamId).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @Test
  @DisplayName(
      "CP-052 a scheduler that stops reading is cut off, and misses nothing when it is back")
  void shouldCutOffAndResume() throws Exception {
    // given
    FrameworkInfo info = Hand.info("dev").build();
    Stalling stalling = new Stalling(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    open.add(stalling);
    stalling.readUntilOffer();
    // More of the same entry may follow, so it has seen all but that.
    long known = stalling.events.stream().mapToLong(Event::getLogIndex).max().orElseThrow() - 1;
    assertThat(stalling.call(launchOfThree(stalling))).isEqualTo(202);

    // when
    int status = floodUntilRefused(stalling);
    // 403 when the master found out first, 400 if another stream were there already.
    assertThat(status).isEqualTo(403);
    assertThat(cluster.reader().get(master(), "/state").orElseThrow().toString())
        .contains(stalling.id());
    FrameworkInfo again =
        info.toBuilder().setId(stalling.events.get(0).getSubscribed().getFrameworkId()).build();
    Hand hand = new Hand(cluster.masters(), again, known);

    // then
    try {
      for (int i = 0; i < 3; i++) {
        hand.awaitState("t" + i, TaskState.TASK_FINISHED);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(statesOnce(hand, "t" + i))
            .containsExactly(
                TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
      }
      assertThat(hand.events.get(0).hasSubscribed()).isTrue();
      assertThat(
              hand.events.stream()
                  .filter(event -> event.hasUpdate() || event.hasOffers())
                  .allMatch(event -> event.getLogIndex() > known))
          .isTrue();
      await("an answer for each unknown task that it had asked about")
          .atMost(LONG)
          .until(() -> !hand.statuses("unknown-" + (UNKNOWN_TASKS - 1)).isEmpty());
    } finally {
      hand.client.teardown();
      hand.close();
    }
  }

  private static Call.Builder launchOfThree(Stalling stalling) {
    Offer offer =
        stalling.events.stream()
            .filter(Event::hasOffers)
            .findFirst()
            .orElseThrow()
            .getOffers()
            .getOffers(0);
    Call.Builder accept = Call.newBuilder().setType(Call.Type.ACCEPT);
    accept.getAcceptBuilder().addOfferIds(offer.getId());
    for (int i = 0; i < 3; i++) {
      accept.getAcceptBuilder().addOperations(Hand.launch(Hand.task(offer, "t" + i, "true")));
    }
    return accept;
  }

  private static int floodUntilRefused(Stalling stalling) throws Exception {
    int flooded = 0;
    int status = 202;
    while (status == 202) {
      assertThat(++flooded).as("floods of 2 MB that nobody reads").isLessThan(40);
      status = stalling.call(unknownTasks());
    }
    return status;
  }

  /** The agent repeats what it was not told the acknowledgement of in time, under its uuid. */
  private static Collection<TaskState> statesOnce(Hand hand, String task) {
    Map<ByteString, TaskState> once = new LinkedHashMap<>();
    hand.statuses(task).forEach(status -> once.put(status.getUuid(), status.getState()));
    return once.values();
  }

  private static Call.Builder unknownTasks() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.RECONCILE);
    for (int i = 0; i < UNKNOWN_TASKS; i++) {
      call.getReconcileBuilder()
          .addTasksBuilder()
          .setTaskId(TaskID.newBuilder().setValue("unknown-" + i))
          .setAgentId(AgentID.newBuilder().setValue("nowhere-S0"));
    }
    return call;
  }
}
