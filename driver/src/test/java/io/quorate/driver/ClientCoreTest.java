package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCoreTest {
  private static final long SECOND = 1_000_000_000L;
  private static final FrameworkInfo INFO =
      FrameworkInfo.newBuilder().setUser("u").setName("n").build();

  private final ClientCore core =
      new ClientCore(List.of("one", "two"), INFO, new SplittableRandom(1));

  private static ClientCore.Head head(int status) {
    return new ClientCore.Head(status, "", "", "", "body");
  }

  private static ClientCore.Head redirect(String location) {
    return new ClientCore.Head(307, location, "", "", "");
  }

  private static Event subscribed(long index) {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setLogIndex(index)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
                .setHeartbeatIntervalSeconds(2))
        .build();
  }

  private static Event event(Event.Type type, long index) {
    return Event.newBuilder().setType(type).setLogIndex(index).build();
  }

  private ClientCore.Attempt attempt() {
    return core.attempt(0);
  }

  /** Subscribed, and the first event was handled. */
  private void givenAStream(String streamId, long index) {
    attempt();
    core.answered(new ClientCore.Head(200, "", streamId, "", ""), 0);
    core.event(subscribed(index));
    core.handled(subscribed(index));
    core.due();
  }

  @Test
  @DisplayName("Without a leader it asks one master after the other, and pauses in between")
  void shouldAskInTurn() {
    for (String master : List.of("one", "two", "one")) {
      assertThat(attempt().master()).isEqualTo(master);
      ClientCore.Next next = core.answered(head(503), 0);
      assertThat(((ClientCore.Next.Ask) next).pauseMillis()).isPositive();
    }
    assertThat(core.due()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//three:5050/api/v1/scheduler",
        "http://three:5050/x",
        "//three:5050",
        "three:5050"
      })
  @DisplayName("CP-029 CP-030 a redirect is followed at once, to the host that it names")
  void shouldFollow(String location) {
    attempt();
    assertThat(core.answered(redirect(location), 0)).isEqualTo(new ClientCore.Next.Ask(0));
    assertThat(attempt().master()).isEqualTo("three:5050");
  }

  @Test
  @DisplayName("A redirect that leads nowhere, or round in circles, is not followed at once")
  void shouldNotRunInCircles() {
    attempt();
    assertThat(core.answered(redirect(""), 0)).isNotEqualTo(new ClientCore.Next.Ask(0));
    long pause = 0;
    int asked = 0;
    while (pause == 0 && asked++ < 100) {
      attempt();
      pause = ((ClientCore.Next.Ask) core.answered(redirect("//one"), 0)).pauseMillis();
    }
    assertThat(asked).isBetween(5, 20);
    assertThat(attempt().master()).isIn("one", "two");
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 429, 503})
  @DisplayName("CP-461 no leader, not ready, over a rate limit: it comes back later")
  void shouldComeBackLater(int status) {
    attempt();
    assertThat(core.answered(head(status), 0)).isInstanceOf(ClientCore.Next.Ask.class);
    assertThat(core.due()).isEmpty();
    assertThat(core.closed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 406, 415, 500})
  @DisplayName("Any other status is the end, and the listener hears why")
  void shouldEndForGood(int status) {
    attempt();
    assertThat(core.answered(head(status), 0)).isEqualTo(new ClientCore.Next.Stop());
    assertThat(core.due()).containsExactly(new ClientCore.Delivery.Ended(status + " body"));
    assertThat(core.closed()).isTrue();
  }

  @Test
  @DisplayName("CP-101 after a break it subscribes with its id, and tells of the break once")
  void shouldSubscribeAgain() {
    assertThat(attempt().call().hasFrameworkId()).isFalse();
    givenAStream("s", 7);
    assertThat(core.leader()).contains("two");
    assertThat(core.broke("reset")).isInstanceOf(ClientCore.Next.Ask.class);
    assertThat(core.leader()).isEmpty();
    ClientCore.Attempt again = attempt();
    assertThat(again.call().getFrameworkId().getValue()).isEqualTo("f");
    assertThat(again.call().getSubscribe().getFrameworkInfo().getId().getValue()).isEqualTo("f");
    core.broke("refused");
    assertThat(core.due()).containsExactly(new ClientCore.Delivery.Disconnected("reset"));
  }

  @Test
  @DisplayName("in the first second after its stream broke it asks again within 50 ms each time")
  void shouldAskOftenWhileAFailOverMayGoOn() {
    // given
    givenAStream("s", 1);

    // when
    long elapsedMillis = 0;
    long longestMillis = 0;
    for (ClientCore.Next next = core.broke("reset"); elapsedMillis < 1_000; ) {
      long pauseMillis = ((ClientCore.Next.Ask) next).pauseMillis();
      longestMillis = Math.max(longestMillis, pauseMillis);
      elapsedMillis += pauseMillis;
      attempt();
      next = core.answered(head(503), 0);
    }

    // then
    assertThat(longestMillis).isLessThanOrEqualTo(50);
  }

  @Test
  @DisplayName("Pauses grow while it fails, and are short again after it was subscribed")
  void shouldBackOff() {
    long longest = 0;
    for (int i = 0; i < 40; i++) {
      attempt();
      longest = ((ClientCore.Next.Ask) core.broke("refused")).pauseMillis();
    }
    assertThat(longest).isBetween(1_000L, 2_000L);
    givenAStream("s", 1);
    assertThat(((ClientCore.Next.Ask) core.broke("reset")).pauseMillis()).isBetween(10L, 20L);
  }

  @Test
  @DisplayName("CP-044 five heartbeats are missed, and the stream counts as dead; not before")
  void shouldMissHeartbeats() {
    givenAStream("s", 1);
    core.heard(100 * SECOND);
    assertThat(core.silent(109 * SECOND)).isFalse();
    assertThat(core.silent(111 * SECOND)).isTrue();
    core.heard(111 * SECOND);
    assertThat(core.silent(112 * SECOND)).isFalse();
  }

  @Test
  @DisplayName("A master that takes the subscription and says nothing is given up as well")
  void shouldGiveUpAnAttempt() {
    core.attempt(10 * SECOND);
    assertThat(core.silent(80 * SECOND)).isFalse();
    assertThat(core.silent(86 * SECOND)).isTrue();
    core.broke("silent");
    assertThat(core.silent(500 * SECOND)).as("between two attempts").isFalse();
  }

  @Test
  @DisplayName("Of the latest entry more events may follow: those before it are handled")
  void shouldCountWhatIsComplete() {
    givenAStream("s", 7);
    assertThat(core.lastIndex()).isEqualTo(6);
    core.event(event(Event.Type.UPDATE, 9));
    assertThat(core.lastIndex()).as("before the listener is done").isEqualTo(6);
    core.handled(event(Event.Type.UPDATE, 9));
    core.handled(event(Event.Type.FAILURE, 9));
    assertThat(core.lastIndex()).isEqualTo(8);
    core.handled(event(Event.Type.HEARTBEAT, 9));
    assertThat(core.lastIndex()).isEqualTo(9);
    core.handled(event(Event.Type.HEARTBEAT, 0));
    core.handled(event(Event.Type.UPDATE, 3));
    assertThat(core.lastIndex()).as("never less").isEqualTo(9);
  }

  @Test
  @DisplayName("An ERROR in place of SUBSCRIBED does not say that what was missed came before it")
  void shouldNotCountErrors() {
    givenAStream("s", 7);
    core.broke("reset");
    attempt();
    core.handled(event(Event.Type.ERROR, 50));
    assertThat(core.lastIndex()).isEqualTo(6);
  }

  @Test
  @DisplayName("It asks for what it missed once there is something to resume, if it is to")
  void shouldResume() {
    givenAStream("s", 7);
    core.broke("reset");
    assertThat(attempt().lastIndex()).as("nobody asked for it").isEmpty();
    core.resumeAfter(0);
    assertThat(attempt().lastIndex()).as("nothing handled").isEmpty();
    core.resumeAfter(5);
    assertThat(attempt().lastIndex()).isEqualTo(OptionalLong.of(5));
    core.answered(new ClientCore.Head(200, "", "t", "5", ""), 0);
    assertThat(core.resumed()).isTrue();
    core.broke("reset");
    attempt();
    core.answered(new ClientCore.Head(200, "", "u", "no", ""), 0);
    assertThat(core.resumed()).isFalse();
  }

  @Test
  @DisplayName("CP-170 an ERROR event is told, then the end, then the break, and that is all")
  void shouldEndOnError() {
    givenAStream("s", 1);
    Event error =
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("Framework failed over"))
            .build();
    core.event(error);
    assertThat(core.broke("the stream ended")).isEqualTo(new ClientCore.Next.Stop());
    assertThat(core.due())
        .containsExactly(
            new ClientCore.Delivery.Told(error),
            new ClientCore.Delivery.Ended("Framework failed over"),
            new ClientCore.Delivery.Disconnected("the stream ended"));
    assertThat(core.due()).isEmpty();
  }

  @Test
  @DisplayName("Calls go to the leader with the stream's id, and not at all without a stream")
  void shouldAddressCalls() {
    Call.Builder revive = Call.newBuilder().setType(Call.Type.REVIVE);
    attempt();
    core.answered(new ClientCore.Head(200, "", "s", "", ""), 0);
    assertThat(core.request(revive)).as("it has no id yet").isEmpty();
    core.event(subscribed(1));
    ClientCore.Request request = core.request(revive).orElseThrow();
    assertThat(request.master()).isEqualTo("one");
    assertThat(request.streamId()).isEqualTo("s");
    assertThat(request.call().getFrameworkId().getValue()).isEqualTo("f");
    core.broke("reset");
    assertThat(core.request(revive)).isEqualTo(Optional.empty());
  }

  @Test
  @DisplayName("What a status code says of a call")
  void shouldTellOutcomes() {
    assertThat(List.of(200, 202)).allMatch(status -> outcome(status) instanceof Outcome.Done);
    assertThat(List.of(307, 404, 503))
        .allMatch(status -> outcome(status) instanceof Outcome.Unknown);
    assertThat(outcome(429)).isEqualTo(new Outcome.Refused(429, "why"));
    assertThat(outcome(400)).isEqualTo(new Outcome.Refused(400, "why"));
  }

  private static Outcome outcome(int status) {
    return ClientCore.outcome(status, "why");
  }

  @Test
  @DisplayName("When a heartbeat is late another master is asked who leads, and that one is next")
  void shouldDoubt() {
    givenAStream("s", 7);
    assertThat(core.doubts(2 * SECOND)).isEmpty();
    assertThat(core.doubts(3 * SECOND)).contains("two");
    assertThat(core.doubts(3 * SECOND)).as("never the silent one").contains("two");
    assertThat(core.deposed("//one:5050/x")).isTrue();
    core.broke("left");
    assertThat(attempt().master()).isEqualTo("one:5050");
    core.answered(head(503), 0);
    assertThat(attempt().master()).as("only once").isIn("one", "two");
  }

  @Test
  @DisplayName("A leader that others name, too, is not left; nor is one of whom nobody knows")
  void shouldTrust() {
    givenAStream("s", 7);
    assertThat(core.deposed("//one")).isFalse();
    assertThat(core.deposed("")).isFalse();
    core.heard(3 * SECOND);
    assertThat(core.doubts(4 * SECOND)).isEmpty();
    ClientCore alone = new ClientCore(List.of("one"), INFO, new SplittableRandom(1));
    alone.attempt(0);
    assertThat(alone.doubts(100 * SECOND)).as("nobody else is there to ask").isEmpty();
  }
}
