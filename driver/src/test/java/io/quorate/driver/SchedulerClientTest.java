package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SchedulerClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final FrameworkInfo INFO =
      FrameworkInfo.newBuilder().setUser("u").setName("n").build();

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> breaks = new CopyOnWriteArrayList<>();
  private final List<String> endings = new CopyOnWriteArrayList<>();
  private FakeMaster one;
  private FakeMaster two;
  private SchedulerClient client;

  @BeforeEach
  void start() throws IOException {
    one = new FakeMaster();
    two = new FakeMaster();
    client =
        new SchedulerClient(
            List.of(one.address(), two.address()),
            INFO,
            new SchedulerListener() {
              @Override
              public void event(Event event) {
                events.add(event);
              }

              @Override
              public void disconnected(String why) {
                breaks.add(why);
              }

              @Override
              public void ended(String why) {
                endings.add(why);
              }
            });
  }

  @AfterEach
  void stop() {
    client.close();
    one.close();
    two.close();
  }

  private void awaitSubscriptions(FakeMaster master, int count) {
    await("subscription " + count)
        .atMost(LONG)
        .until(
            () ->
                master.subscriptions().size() == count
                    && client.leader().equals(java.util.Optional.of(master.address())));
  }

  @Test
  @DisplayName(
      "CP-029 CP-030 a redirect leads to the leader, which gets the calls with the stream's id")
  void shouldFollowRedirect() {
    one.mode = FakeMaster.Mode.FOLLOW;
    one.leader = two.address();
    client.start();
    awaitSubscriptions(two, 1);
    assertThat(client.send(Call.newBuilder().setType(Call.Type.REVIVE)).join())
        .isEqualTo(new Outcome.Done());
    assertThat(two.calls.get(1).getFrameworkId().getValue()).isEqualTo("f-0000");
    assertThat(two.streamIds).containsExactly("stream-1");
    assertThat(one.calls).isEmpty();
  }

  @Test
  @DisplayName(
      "CP-101 when the leader is gone the next one is subscribed to, with the same framework id")
  void shouldFailOver() {
    client.start();
    awaitSubscriptions(one, 1);
    one.close();
    awaitSubscriptions(two, 1);
    Call again = two.subscriptions().get(0);
    assertThat(again.getFrameworkId().getValue()).isEqualTo("f-0000");
    assertThat(again.getSubscribe().getFrameworkInfo().getId().getValue()).isEqualTo("f-0000");
    await("the break is told").atMost(LONG).until(() -> breaks.size() == 1);
  }

  @Test
  @DisplayName("CP-461 over a rate limit it subscribes later, and does not end")
  void shouldComeBackLater() {
    one.mode = FakeMaster.Mode.OVERRUN;
    two.mode = FakeMaster.Mode.OVERRUN;
    client.start();
    await("refusals").atMost(LONG).until(() -> one.refused.get() + two.refused.get() >= 3);
    assertThat(endings).isEmpty();
    one.mode = FakeMaster.Mode.LEAD;
    awaitSubscriptions(one, 1);
  }

  @Test
  @DisplayName("without a leader it tries again until there is one")
  void shouldWaitForLeader() {
    one.mode = FakeMaster.Mode.LEADERLESS;
    two.mode = FakeMaster.Mode.LEADERLESS;
    client.start();
    assertThat(client.send(Call.newBuilder().setType(Call.Type.REVIVE)).join())
        .isInstanceOf(Outcome.Unknown.class);
    two.mode = FakeMaster.Mode.LEAD;
    awaitSubscriptions(two, 1);
    assertThat(endings).isEmpty();
  }

  @Test
  @DisplayName("CP-044 five missed heartbeats, and the connection counts as dead")
  void shouldMissHeartbeats() {
    one.heartbeatSeconds = 0.1;
    client.start();
    await("a second subscription")
        .atMost(LONG)
        .until(() -> one.subscriptions().size() + two.subscriptions().size() >= 2);
    assertThat(breaks).isNotEmpty();
  }

  @Test
  @DisplayName("a refused call says why; one whose connection breaks is unknown")
  void shouldTellOutcomes() {
    client.start();
    awaitSubscriptions(one, 1);
    one.mode = FakeMaster.Mode.REFUSE;
    assertThat(client.send(Call.newBuilder().setType(Call.Type.REVIVE)).join())
        .isEqualTo(new Outcome.Refused(400, "no such thing"));
    one.mode = FakeMaster.Mode.BREAK;
    assertThat(client.send(Call.newBuilder().setType(Call.Type.REVIVE)).join())
        .isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  @DisplayName("a call whose outcome is unknown is sent until it is known, to whoever leads then")
  void shouldSendUntilKnown() {
    // given
    client.start();
    awaitSubscriptions(one, 1);
    one.mode = FakeMaster.Mode.BREAK;

    // when
    CompletableFuture<Outcome> known =
        client.sendUntilKnown(Call.newBuilder().setType(Call.Type.REVIVE), LONG);
    one.close();

    // then
    assertThat(known).succeedsWithin(LONG).isEqualTo(new Outcome.Done());
    assertThat(two.calls).extracting(Call::getType).contains(Call.Type.REVIVE);
    assertThat(client.sendUntilKnown(CallFactory.revive(), Duration.ZERO))
        .succeedsWithin(LONG)
        .isEqualTo(new Outcome.Done());
  }

  @Test
  @DisplayName("CP-170 an ERROR event ends the client")
  void shouldEndOnError() throws IOException {
    client.start();
    awaitSubscriptions(one, 1);
    one.send(
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("Framework failed over"))
            .build());
    one.endStreams();
    await("the end").atMost(LONG).until(() -> endings.equals(List.of("Framework failed over")));
    assertThat(one.subscriptions()).hasSize(1);
    assertThat(two.subscriptions()).isEmpty();
  }
}
