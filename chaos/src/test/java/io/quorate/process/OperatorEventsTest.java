package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.recordio.RecordIoException;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.master.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators are told of all that happens, by real masters: the event stream and counters. */
@Tag("process")
class OperatorEventsTest {
  private static final Duration LONG = Duration.ofSeconds(150);

  /** So many streams may be open; every test opens at most so many, but the one that shows it. */
  private static final int STREAMS_MAX = 3;

  @TempDir private static Path directory;
  private static LocalCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 2, 0, "cpus:4;mem:512;disk:1000", false),
            List.of("--max_operator_event_stream_subscribers=" + STREAMS_MAX),
            List.of(),
            new HttpReader());
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** An open stream, read on a thread of its own. */
  private final class Events implements AutoCloseable {
    private final HttpResponse<InputStream> answer;
    private final List<Event> all = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    Events(HttpRequest.Builder request) throws IOException, InterruptedException {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      Thread reader = new Thread(this::read, "events");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      RecordIoDecoder decoder = new RecordIoDecoder(1 << 24);
      byte[] buffer = new byte[1 << 16];
      try (InputStream in = answer.body()) {
        for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
          decoder.feed(Arrays.copyOf(buffer, length), record -> all.add(event(record)));
        }
      } catch (IOException | RecordIoException e) {
        // The stream was closed.
      } finally {
        ended = true;
      }
    }

    void awaitType(Event.Type type) {
      await(type + " is told")
          .atMost(LONG)
          .until(() -> all.stream().anyMatch(event -> event.getType() == type));
    }

    Event first(Event.Type type) {
      return all.stream().filter(event -> event.getType() == type).findFirst().orElseThrow();
    }

    private Event event(byte[] record) {
      try {
        return (Event) ProtoJson.merge(record, Event.newBuilder()).build();
      } catch (JsonSyntaxException | JsonMappingException e) {
        throw new AssertionError(e);
      }
    }

    /** What the tasks of this id and their framework were said to become, with its indexes. */
    List<String> of(String task) {
      return all.stream()
          .filter(event -> event.hasTaskAdded() || event.hasTaskUpdated())
          .map(
              event ->
                  event.hasTaskAdded()
                      ? event.getTaskAdded().getTask().getTaskId().getValue() + " added"
                      : event.getTaskUpdated().getStatus().getTaskId().getValue()
                          + " "
                          + event.getTaskUpdated().getStatus().getState())
          .filter(text -> text.startsWith(task + " "))
          .toList();
    }

    void awaitState(String task, TaskState state) {
      await(task + " is " + state).atMost(LONG).until(() -> of(task).contains(task + " " + state));
    }

    @Override
    public void close() throws IOException {
      answer.body().close();
    }
  }

  private int leader() throws IOException {
    return cluster.awaitLeader(LONG);
  }

  private HttpRequest.Builder subscribe(int master) {
    return HttpRequest.newBuilder(URI.create("http://" + cluster.masters().get(master) + "/api/v1"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"SUBSCRIBE\"}"));
  }

  private HttpRequest.Builder events(int master) {
    return HttpRequest.newBuilder(
        URI.create("http://" + cluster.masters().get(master) + "/quorate/events"));
  }

  private void post(String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(
                    URI.create("http://" + cluster.masters().get(leader()) + "/api/v1"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  @DisplayName("CP-400 the stream begins with the whole state, then a heartbeat")
  void shouldBeginWithTheState() throws Exception {
    // when
    try (Events events = new Events(subscribe(leader()))) {
      await().atMost(LONG).until(() -> events.all.size() >= 2);

      // then
      Event.Subscribed first = events.all.get(0).getSubscribed();
      assertThat(first.getGetState().getGetAgents().getAgentsList()).isNotEmpty();
      assertThat(first.getHeartbeatIntervalSeconds()).isEqualTo(15);
      assertThat(events.all.get(1).getType()).isEqualTo(Event.Type.HEARTBEAT);
    }
  }

  @Test
  @DisplayName("CP-402 leader and follower tell each change of a task, in order and once")
  void shouldTellEachChangeOfATask() throws Exception {
    // given
    int leading = leader();
    int following = (leading + 1) % 3;
    int other = (leading + 2) % 3;
    try (Events ofLeader = new Events(subscribe(leading));
        Events ofFollower = new Events(events(following));
        Hand hand = new Hand(cluster.masters(), "*")) {
      // when
      Offer offer = hand.offer();
      hand.accept(offer, Hand.launch(Hand.task(offer, "t", "true")));
      hand.awaitState("t", TaskState.TASK_FINISHED);
      ofLeader.awaitState("t", TaskState.TASK_FINISHED);
      ofFollower.awaitState("t", TaskState.TASK_FINISHED);

      // then
      assertThat(ofLeader.of("t"))
          .containsExactly("t added", "t TASK_STARTING", "t TASK_RUNNING", "t TASK_FINISHED");
      assertThat(ofFollower.of("t")).isEqualTo(ofLeader.of("t"));
      assertThat(added(ofFollower)).isEqualTo(added(ofLeader));

      // and a third goes on where the first was
      String handled = Long.toString(added(ofLeader).getLogIndex());
      try (Events resumed = new Events(events(other).header("Quorate-Last-Index", handled))) {
        resumed.awaitState("t", TaskState.TASK_FINISHED);
        assertThat(resumed.answer.headers().firstValue("Quorate-Resumed")).hasValue("yes");
        assertThat(resumed.of("t"))
            .containsExactly("t TASK_STARTING", "t TASK_RUNNING", "t TASK_FINISHED");
      }
    }
  }

  @Test
  @DisplayName("Whoever names an index that is not remembered gets the state anew, and is told so")
  void shouldBeginAnewWhereHistoryDoesNotReach() throws Exception {
    // when
    try (Events events = new Events(events(leader()).header("Quorate-Last-Index", "999999999"))) {
      await().atMost(LONG).until(() -> !events.all.isEmpty());

      // then
      assertThat(events.answer.headers().firstValue("Quorate-Resumed")).hasValue("no");
      assertThat(events.all.get(0).getSubscribed().hasGetState()).isTrue();
    }
  }

  @Test
  @DisplayName("CP-403, CP-404 frameworks that come and go and agents that go are told")
  void shouldTellOfFrameworksAndAgents() throws Exception {
    // given
    try (Events events = new Events(subscribe(leader()))) {
      await().atMost(LONG).until(() -> !events.all.isEmpty());
      String agent =
          events.all.get(0).getSubscribed().getGetState().getGetAgents().getAgentsList().stream()
              .map(known -> known.getAgentInfo().getId().getValue())
              .sorted()
              .reduce((first, second) -> second)
              .orElseThrow();

      // when
      try (Hand hand = new Hand(cluster.masters(), "*")) {
        hand.offer();
        events.awaitType(Event.Type.FRAMEWORK_ADDED);
      }
      events.awaitType(Event.Type.FRAMEWORK_UPDATED);
      String framework =
          events
              .first(Event.Type.FRAMEWORK_ADDED)
              .getFrameworkAdded()
              .getFramework()
              .getFrameworkInfo()
              .getId()
              .getValue();
      post(
          "{\"type\":\"TEARDOWN\",\"teardown\":{\"framework_id\":{\"value\":\""
              + framework
              + "\"}}}");
      post(
          "{\"type\":\"MARK_AGENT_GONE\",\"mark_agent_gone\":{\"agent_id\":{\"value\":\""
              + agent
              + "\"}}}");

      // then
      events.awaitType(Event.Type.FRAMEWORK_REMOVED);
      events.awaitType(Event.Type.AGENT_REMOVED);
      assertThat(events.first(Event.Type.AGENT_REMOVED).getAgentRemoved().getAgentId().getValue())
          .isEqualTo(agent);
    }
  }

  @Test
  @DisplayName("CP-405 one stream too many ends the oldest")
  void shouldEndTheOldest() throws Exception {
    // given
    int leading = leader();
    Events oldest = new Events(subscribe(leading));

    // when
    List<Events> others = new ArrayList<>();
    for (int opened = 0; opened < STREAMS_MAX; opened++) {
      others.add(new Events(subscribe(leading)));
    }

    // then
    await("the end of the oldest").atMost(LONG).until(() -> oldest.ended);
    for (Events events : others) {
      assertThat(events.ended).isFalse();
      events.close();
    }
  }

  private JsonNode metrics(int master) throws Exception {
    return new ObjectMapper()
        .readTree(
            http.send(
                    HttpRequest.newBuilder(
                            URI.create(
                                "http://" + cluster.masters().get(master) + "/metrics/snapshot"))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .body());
  }

  @Test
  @DisplayName("CP-424 counters are the same on every master; what is now, the leader alone tells")
  void shouldCount() throws Exception {
    // given
    int leading = leader();
    String finished = "master/tasks_finished";
    double before = metrics(leading).path(finished).asDouble();

    // when
    try (Hand hand = new Hand(cluster.masters(), "*")) {
      Offer offer = hand.offer();
      hand.accept(offer, Hand.launch(Hand.task(offer, "counted", "true")));
      hand.awaitState("counted", TaskState.TASK_FINISHED);

      // then
      for (int master = 0; master < 3; master++) {
        int asked = master;
        await().atMost(LONG).until(() -> metrics(asked).path(finished).asDouble() == before + 1);
        JsonNode metrics = metrics(master);
        boolean leads = master == leading;
        assertThat(metrics.path("master/elected").asDouble()).isEqualTo(leads ? 1 : 0);
        assertThat(metrics.path("master/frameworks_active").asDouble()).isEqualTo(leads ? 1 : 0);
        assertThat(metrics.path("master/slave_registrations").asDouble()).isEqualTo(2);
        assertThat(metrics.path("master/messages_launch_tasks").asDouble()).isPositive();
        assertThat(metrics.properties())
            .anySatisfy(
                metric -> {
                  assertThat(metric.getKey()).endsWith("/offers/accepted");
                  assertThat(metric.getValue().asDouble()).isEqualTo(1);
                });
      }
    }
  }

  private static Event added(Events events) {
    return events.first(Event.Type.TASK_ADDED);
  }
}
