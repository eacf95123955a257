package io.quorate.master.http.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.http.access.RateLimits;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.face.RecordedExchange;
import io.quorate.master.http.face.StaticCore;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.v1.RateLimit;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scheduler face decides, without a connection. */
class SchedulerFaceCoreTest {
  private static final int CALLS_IN_FLIGHT_MAX = 2;
  private static final long HEARTBEAT_NANOS = 15_000_000_000L;
  private static final int STREAM_BYTES_MAX = 1_000;
  private static final Answer REFUSED = new Answer.Refused(Refusal.forbidden("not your stream"));

  private final StaticCore core = new StaticCore();
  private final EventStreams<Event> streams = new EventStreams<>(STREAM_BYTES_MAX);
  private final TreeMap<String, String> headers = new TreeMap<>();
  private final RecordedExchange<Event> exchange = new RecordedExchange<>();
  private final List<Long> readAfter = new ArrayList<>();
  private SchedulerFaceCore face = face(RateLimits.NONE);

  private SchedulerFaceCore face(RateLimits limits) {
    return new SchedulerFaceCore(
        new SchedulerFaceCore.Settings(CALLS_IN_FLIGHT_MAX, HEARTBEAT_NANOS, STREAM_BYTES_MAX),
        limits,
        new FaceEnvironment(core, () -> 0, () -> "stream-1"),
        streams,
        (framework, after, upTo, bytesMax) -> {
          readAfter.add(after);
          return Optional.empty();
        });
  }

  private void take(Call.Builder call, RecordedExchange<Event> on) {
    face.take(new FaceRequest("/master/api/v1/scheduler", headers::get, "h"), "", call.build(), on);
  }

  private static Call.Builder subscribe() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().getFrameworkInfoBuilder().setUser("u").setName("n");
    call.getSubscribeBuilder().getFrameworkInfoBuilder().setPrincipal("p");
    return call;
  }

  private static Call.Builder revive() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.REVIVE);
    call.getFrameworkIdBuilder().setValue("f");
    return call;
  }

  private static Event subscribed(long index) {
    Event.Builder event = Event.newBuilder().setType(Event.Type.SUBSCRIBED).setLogIndex(index);
    event.getSubscribedBuilder().getFrameworkIdBuilder().setValue("f");
    return event.build();
  }

  private void open() {
    take(subscribe(), exchange);
    streams.send("stream-1", subscribed(7));
    exchange.accept();
  }

  // -- Answers ------------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-029: a follower sends to the leader, with the path of the request")
  void shouldSendToTheLeader() {
    // given
    core.follow("leader");
    // when
    take(revive(), exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(307);
    assertThat(exchange.reply().header("Location"))
        .isEqualTo("//leader:5050/master/api/v1/scheduler");
    assertThat(exchange.submitted).isEmpty();
  }

  @Test
  void shouldSayThatNobodyLeads() {
    // given
    core.followNobody();
    // when
    take(subscribe(), exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(503);
    assertThat(streams.ids()).isEmpty();
  }

  @Test
  void shouldNameWhatACallLacks() {
    // given
    Call.Builder call = Call.newBuilder().setType(Call.Type.REVIVE);
    // when
    take(call, exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(400);
    assertThat(exchange.reply().body())
        .isEqualTo("Failed to validate scheduler::Call: Expecting 'framework_id' to be present");
  }

  @Test
  void shouldAcceptACallAndLogItsStream() {
    // given
    headers.put(SchedulerFaceCore.STREAM_ID, "stream-0");
    take(revive(), exchange);
    // when
    exchange.accept();
    // then
    assertThat(exchange.reply().status()).isEqualTo(202);
    assertThat(exchange.submitted.get(0).getScheduler().getStreamId()).isEqualTo("stream-0");
  }

  @Test
  void shouldAnswerAnUpdateOfAFrameworkOtherwise() {
    // given
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_FRAMEWORK);
    call.getFrameworkIdBuilder().setValue("f");
    call.getUpdateFrameworkBuilder().getFrameworkInfoBuilder().setUser("u").setName("n");
    call.getUpdateFrameworkBuilder().getFrameworkInfoBuilder().getIdBuilder().setValue("f");
    take(call, exchange);
    // when
    exchange.accept();
    // then
    assertThat(exchange.reply().status()).isEqualTo(200);
  }

  @Test
  void shouldPassARefusalOn() {
    // given
    take(revive(), exchange);
    // when
    exchange.answerWith(REFUSED);
    // then
    assertThat(exchange.reply().status()).isEqualTo(403);
    assertThat(exchange.reply().body()).isEqualTo("not your stream");
  }

  @Test
  void shouldSayWhatBecameOfACallWithoutAnAnswer() {
    // given
    List<Throwable> failures =
        List.of(
            new OverloadedException("full"),
            new OutcomeUnknownException("deposed"),
            new IllegalStateException("ours"));
    List<Integer> statuses = new ArrayList<>();
    // when
    for (Throwable failure : failures) {
      RecordedExchange<Event> one = new RecordedExchange<>();
      take(revive(), one);
      one.fail(failure);
      statuses.add(one.reply().status());
    }
    // then
    assertThat(statuses).containsExactly(503, 503, 500);
  }

  @Test
  void shouldSendToTheNextLeaderWhenTheLeadIsLostMeanwhile() {
    // given
    take(revive(), exchange);
    core.follow("next");
    // when
    exchange.fail(new NotLeaderException("no longer"));
    // then
    assertThat(exchange.reply().header("Location")).startsWith("//next:5050/");
  }

  // -- Bounds -------------------------------------------------------------------------------------

  @Test
  void shouldBoundTheCallsThatWait() {
    // given
    take(revive(), exchange);
    take(revive(), exchange);
    RecordedExchange<Event> third = new RecordedExchange<>();
    // when
    take(revive(), third);
    // then
    assertThat(third.reply().status()).isEqualTo(429);
    assertThat(third.reply().header("Retry-After")).isEqualTo("1");
    assertThat(third.submitted).isEmpty();
  }

  @Test
  void shouldTakeAnotherCallOnceOneIsAnswered() {
    // given
    take(revive(), exchange);
    take(revive(), exchange);
    exchange.fail(new OverloadedException("full"));
    RecordedExchange<Event> third = new RecordedExchange<>();
    // when
    take(revive(), third);
    // then
    assertThat(third.submitted).hasSize(1);
  }

  @Test
  @DisplayName("CP-461: a call above the rate of its principal waits for its turn")
  void shouldKeepThePace() {
    // given
    io.quorate.protocol.v1.RateLimits.Builder limits =
        io.quorate.protocol.v1.RateLimits.newBuilder();
    limits.addLimits(RateLimit.newBuilder().setPrincipal("p").setQps(1).setCapacity(1));
    face = face(new RateLimits(limits.build()));
    List<RecordedExchange<Event>> calls =
        List.of(new RecordedExchange<>(), new RecordedExchange<>(), new RecordedExchange<>());
    // when
    calls.forEach(call -> take(subscribe(), call));
    // then
    assertThat(calls.get(0).submitted).hasSize(1);
    assertThat(calls.get(1).submitted).isEmpty();
    assertThat(calls.get(1).timers).containsExactly(1_000_000_000L);
    assertThat(calls.get(2).reply().status()).isEqualTo(429);
    calls.get(1).timerDue();
    assertThat(calls.get(1).submitted).hasSize(1);
  }

  // -- Streams ------------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-043: the head names the stream, and the second event is a heartbeat")
  void shouldOpenAStream() {
    // given, when
    open();
    // then
    assertThat(exchange.reply().header(SchedulerFaceCore.STREAM_ID)).isEqualTo("stream-1");
    assertThat(exchange.reply().header("Content-Type")).isEqualTo("application/json");
    assertThat(exchange.written)
        .extracting(Event::getType)
        .containsExactly(Event.Type.SUBSCRIBED, Event.Type.HEARTBEAT);
  }

  @Test
  @DisplayName("CP-044: heartbeats go on, and say up to where all was told")
  void shouldBeat() {
    // given
    open();
    // when
    exchange.timerDue();
    // then
    assertThat(exchange.timers).containsExactly(HEARTBEAT_NANOS, HEARTBEAT_NANOS);
    assertThat(exchange.written.get(2).getType()).isEqualTo(Event.Type.HEARTBEAT);
    assertThat(exchange.written.get(2).getLogIndex()).isEqualTo(6);
  }

  @Test
  void shouldBeatNoMoreOnAStreamThatEnded() {
    // given
    open();
    streams.end("stream-1");
    // when
    exchange.timerDue();
    // then
    assertThat(exchange.ended).isEqualTo("end");
    assertThat(exchange.written).hasSize(2);
    assertThat(exchange.timers).hasSize(1);
  }

  @Test
  void shouldTellTheCoreOnceThatTheClientLeft() {
    // given
    open();
    // when
    exchange.leave();
    exchange.leave();
    // then
    assertThat(exchange.submitted).hasSize(2);
    assertThat(exchange.submitted.get(1).getCloseStream().getStreamId()).isEqualTo("stream-1");
    assertThat(exchange.submitted.get(1).getCloseStream().getFrameworkId()).isEqualTo("f");
    assertThat(streams.ids()).isEmpty();
  }

  @Test
  void shouldTellTheCoreOfAClientThatLeftBeforeItsAnswer() {
    // given
    take(subscribe(), exchange);
    streams.send("stream-1", subscribed(7));
    exchange.leave();
    // when
    exchange.accept();
    // then
    assertThat(exchange.replies).isEmpty();
    assertThat(exchange.submitted.get(1).getCloseStream().getFrameworkId()).isEqualTo("f");
  }

  @Test
  void shouldNotTellTheCoreOfAStreamThatItEnded() {
    // given
    open();
    streams.end("stream-1");
    // when
    exchange.leave();
    // then
    assertThat(exchange.submitted).hasSize(1);
  }

  @Test
  void shouldCutOffWhoDoesNotRead() {
    // given
    open();
    Event large =
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("x".repeat(STREAM_BYTES_MAX)))
            .build();
    // when
    streams.send("stream-1", large);
    // then
    assertThat(exchange.ended).isEqualTo("cut");
    assertThat(exchange.submitted.get(1).hasCloseStream()).isTrue();
    assertThat(streams.ids()).isEmpty();
  }

  @Test
  void shouldForgetTheStreamOfARefusedSubscription() {
    // given
    take(subscribe(), exchange);
    // when
    exchange.answerWith(REFUSED);
    // then
    assertThat(exchange.reply().status()).isEqualTo(403);
    assertThat(streams.ids()).isEmpty();
  }

  @Test
  void shouldRefuseASubscriptionThatNamesAStream() {
    // given
    headers.put(SchedulerFaceCore.STREAM_ID, "stream-0");
    // when
    take(subscribe(), exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(400);
    assertThat(exchange.submitted).isEmpty();
  }

  @Test
  void shouldRefuseTypesThatItDoesNotSpeak() {
    // given
    headers.put("Accept", "text/html");
    // when
    take(subscribe(), exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(406);
  }

  // -- Resumption ---------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"-1", "x", "", "1.5", "99999999999999999999"})
  void shouldRefuseAnIndexThatIsNone(String index) {
    // given
    headers.put(SchedulerFaceCore.LAST_INDEX, index);
    // when
    take(subscribe(), exchange);
    // then
    assertThat(exchange.reply().status()).isEqualTo(400);
    assertThat(exchange.reply().body()).contains(SchedulerFaceCore.LAST_INDEX);
    assertThat(exchange.submitted).isEmpty();
  }

  @Test
  void shouldSayWhereHistoryDoesNotReach() {
    // given
    headers.put(SchedulerFaceCore.LAST_INDEX, "3");
    // when
    open();
    // then
    assertThat(readAfter).containsExactly(3L);
    assertThat(exchange.reply().header(SchedulerFaceCore.RESUMED)).isEqualTo("no");
    assertThat(exchange.written.get(0).getType()).isEqualTo(Event.Type.SUBSCRIBED);
  }
}
