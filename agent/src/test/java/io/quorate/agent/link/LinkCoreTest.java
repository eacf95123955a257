package io.quorate.agent.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.protocol.agentlink.AgentEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Time is in milliseconds here; the pause after a first failure is 25 ms where chance is 0. */
class LinkCoreTest {
  private static final long CHANCE = 0;
  private static final String M1 = "m1:5050";
  private static final String M2 = "m2:5050";
  private static final String M3 = "m3:5050";
  private static final int PING_MILLIS = 10_000;
  private static final int SILENCE_MILLIS = 50_000;

  private final LinkCore core = new LinkCore(List.of(M1, M2, M3));
  private final List<LinkAction> done = new ArrayList<>();
  private long nowMillis = 1_000_000;
  private long timerMillis = Long.MAX_VALUE;
  private long connection;

  // -- A small language for what happens --------------------------------------------------------

  private List<LinkAction> take(LinkInput input) {
    List<LinkAction> actions = core.take(input, nanos(nowMillis), CHANCE);
    for (LinkAction action : actions) {
      if (action instanceof LinkAction.SetTimer set) {
        timerMillis = Duration.ofNanos(set.atNanos() + 999_999).toMillis();
      } else {
        done.add(action);
      }
      if (action instanceof LinkAction.Subscribe subscribe) {
        connection = subscribe.connection();
      }
    }
    return actions;
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  /** Lets time pass, and the timer come due where it was set. */
  private void pass(long millis) {
    long end = nowMillis + millis;
    while (timerMillis <= end) {
      nowMillis = Math.max(nowMillis, timerMillis);
      timerMillis = Long.MAX_VALUE;
      take(new LinkInput.TimerDue());
    }
    nowMillis = end;
  }

  private List<LinkAction> actions() {
    List<LinkAction> since = List.copyOf(done);
    done.clear();
    return since;
  }

  private List<String> subscribedTo() {
    return actions().stream()
        .filter(LinkAction.Subscribe.class::isInstance)
        .map(action -> ((LinkAction.Subscribe) action).master())
        .toList();
  }

  private void answered(int status, String location, String linkId) {
    take(new LinkInput.Answered(connection, status, location, linkId, ""));
  }

  private static AgentEvent subscribedBy(String host) {
    AgentEvent.Builder event =
        AgentEvent.newBuilder().setType(AgentEvent.Type.SUBSCRIBED).setTerm(1);
    event
        .getSubscribedBuilder()
        .setPingIntervalSeconds(PING_MILLIS / 1000.0)
        .setTotalPingTimeoutSeconds(SILENCE_MILLIS / 1000.0);
    event.getSubscribedBuilder().getAgentIdBuilder().setValue("S0");
    event
        .getSubscribedBuilder()
        .getMasterInfoBuilder()
        .setId("m")
        .setIp(0)
        .setHostname(host)
        .setPort(5050);
    return event.build();
  }

  private static final AgentEvent PING =
      AgentEvent.newBuilder().setType(AgentEvent.Type.PING).setTerm(1).build();

  private void started() {
    take(new LinkInput.Started());
  }

  /** The first master leads, and has opened the link. */
  private void linked() {
    started();
    answered(200, "", "link");
    take(new LinkInput.EventReceived(connection, subscribedBy("m1")));
    actions();
  }

  // -- Opening ----------------------------------------------------------------------------------

  @Test
  @DisplayName("the master that leads opens the link, and its events are handed on")
  void shouldOpen() {
    // given
    started();
    // when
    answered(200, "", "link");
    take(new LinkInput.EventReceived(connection, PING));
    // then
    assertThat(core.open()).contains(new LinkCore.OpenLink(M1, "link"));
    assertThat(actions())
        .containsExactly(new LinkAction.Subscribe(1, M1), new LinkAction.Deliver(PING));
  }

  @Test
  @DisplayName("a follower's redirect is followed at once")
  void shouldFollowRedirects() {
    // given
    started();
    // when
    answered(307, "//m3:5050/api/v1/agent", "");
    // then
    assertThat(subscribedTo()).containsExactly(M1, M3);
    assertThat(core.open()).isEmpty();
  }

  @Test
  @DisplayName("masters that point at each other are not followed for ever, but after a pause")
  void shouldNotRunInCircles() {
    // given
    started();
    // when
    for (int i = 0; i < 50; i++) {
      answered(307, "http://m" + (1 + i % 2) + ":5050/", "");
    }
    // then
    assertThat(subscribedTo()).hasSize(11);
    assertThat(core.isPresent(connection)).isFalse();
    pass(25);
    assertThat(subscribedTo()).hasSize(1);
  }

  @Test
  @DisplayName("a redirect that names no address is a failure like any other")
  void shouldNotFollowRedirectToNowhere() {
    // given
    started();
    actions();
    // when
    answered(307, "", "");
    // then
    assertThat(actions())
        .containsExactly(
            new LinkAction.Close(
                1, M1 + " answered 307 with the Location '', which names no host:port"));
    pass(25);
    assertThat(subscribedTo()).containsExactly(M2);
  }

  @Test
  @DisplayName("a link without an id, on which no call could be sent, is given up")
  void shouldRefuseLinkWithoutId() {
    // given
    started();
    // when
    answered(200, "", "");
    // then
    assertThat(core.open()).isEmpty();
    pass(25);
    assertThat(subscribedTo()).containsExactly(M1, M2);
  }

  @Test
  @DisplayName("pauses between attempts double up to 5 s, and begin anew after a link")
  void shouldBackOff() {
    // given
    started();
    // when
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      take(new LinkInput.Broken(connection, "refused"));
      pauses.add(timerMillis - nowMillis);
      pass(timerMillis - nowMillis);
    }
    answered(200, "", "link");
    take(new LinkInput.EventReceived(connection, subscribedBy("m2")));
    take(new LinkInput.Broken(connection, "reset"));
    // then
    assertThat(pauses)
        .containsExactly(25L, 50L, 100L, 200L, 400L, 800L, 1_600L, 2_500L, 2_500L, 2_500L);
    assertThat(timerMillis - nowMillis).isEqualTo(25);
  }

  @Test
  @DisplayName("a leader that opens links and never subscribes the agent is not asked ever faster")
  void shouldBackOffUntilSubscribed() {
    // given
    started();
    // when
    for (int i = 0; i < 6; i++) {
      answered(200, "", "link");
      take(new LinkInput.Broken(connection, "ended"));
      pass(timerMillis - nowMillis);
    }
    take(new LinkInput.Broken(connection, "ended"));
    // then
    assertThat(timerMillis - nowMillis).isEqualTo(1_600);
  }

  // -- Doubt and silence ------------------------------------------------------------------------

  @Test
  @DisplayName("while pings come, nobody is asked who leads")
  void shouldTrustTheLeaderThatPings() {
    // given
    linked();
    // when
    for (int i = 0; i < 20; i++) {
      pass(PING_MILLIS);
      take(new LinkInput.Heard(connection));
    }
    // then
    assertThat(actions()).isEmpty();
  }

  @Test
  @DisplayName(
      "when a ping is late, another master is asked, and the leader that it names followed")
  void shouldFollowTheNewLeader() {
    // given
    linked();
    // when
    pass(PING_MILLIS * 12 / 10);
    List<LinkAction> doubt = actions();
    take(new LinkInput.LeaderNamed(connection, "//m2:5050"));
    pass(25);
    // then
    assertThat(doubt).containsExactly(new LinkAction.AskWhoLeads(1, M3));
    assertThat(actions())
        .containsExactly(
            new LinkAction.Close(1, M1 + " has fallen silent, and " + M2 + " is said to lead"),
            new LinkAction.Subscribe(2, M2));
  }

  @Test
  @DisplayName("a master that knows no better, or nobody, is asked again, and the others in turn")
  void shouldAskAgain() {
    // given
    linked();
    pass(PING_MILLIS * 12 / 10);
    // when
    take(new LinkInput.LeaderNamed(connection, "//m1:5050"));
    pass(2_000);
    take(new LinkInput.LeaderNamed(connection, ""));
    pass(2_000);
    // then
    assertThat(actions())
        .containsExactly(
            new LinkAction.AskWhoLeads(1, M3),
            new LinkAction.AskWhoLeads(1, M2),
            new LinkAction.AskWhoLeads(1, M3));
    assertThat(core.open()).isPresent();
  }

  @Test
  @DisplayName("a leader that was heard again keeps its agent, whatever the other master says")
  void shouldStayWhenHeardMeanwhile() {
    // given
    linked();
    pass(PING_MILLIS * 12 / 10);
    // when
    pass(100);
    take(new LinkInput.Heard(connection));
    take(new LinkInput.LeaderNamed(connection, "//m3:5050"));
    // then
    assertThat(core.open()).isPresent();
  }

  @Test
  @DisplayName("a leader is not left for itself, where it goes by another name than --master says")
  void shouldKnowTheLeaderByItsOwnName() {
    // given
    started();
    answered(200, "", "link");
    take(new LinkInput.EventReceived(connection, subscribedBy("10.0.0.1")));
    pass(PING_MILLIS * 12 / 10);
    // when
    take(new LinkInput.LeaderNamed(connection, "//10.0.0.1:5050"));
    // then
    assertThat(core.open()).isPresent();
  }

  @Test
  @DisplayName("a master that takes the subscription and never answers is doubted, too")
  void shouldDoubtTheMasterThatDoesNotAnswer() {
    // given
    started();
    // when
    pass(18_000);
    take(new LinkInput.LeaderNamed(connection, "//m2:5050"));
    pass(25);
    // then
    assertThat(subscribedTo()).containsExactly(M1, M2);
  }

  @Test
  @DisplayName("a link that is silent for the total ping time-out is over")
  void shouldLeaveTheSilentLeader() {
    // given
    linked();
    // when
    pass(SILENCE_MILLIS - 1);
    boolean openBefore = core.open().isPresent();
    pass(1);
    // then
    assertThat(openBefore).isTrue();
    assertThat(core.open()).isEmpty();
    assertThat(actions()).contains(new LinkAction.Close(1, M1 + " was silent for 50 s"));
  }

  @Test
  @DisplayName("one master alone is not doubted, as there is nobody to ask")
  void shouldNotDoubtTheOnlyMaster() {
    // given
    LinkCore alone = new LinkCore(List.of(M1));
    alone.take(new LinkInput.Started(), 0, CHANCE);
    // when
    List<LinkAction> late = alone.take(new LinkInput.TimerDue(), nanos(18_000), CHANCE);
    // then
    assertThat(late).allMatch(LinkAction.SetTimer.class::isInstance);
  }

  // -- Leaving ----------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "a call that the master does not take ends the link that it was sent on, and no other")
  void shouldLeaveWhenACallIsNotTaken() {
    // given
    linked();
    // when
    take(new LinkInput.CallNotTaken("an older link", 409));
    Optional<LinkCore.OpenLink> after = core.open();
    take(new LinkInput.CallNotTaken("link", 409));
    // then
    assertThat(after).isPresent();
    assertThat(core.open()).isEmpty();
    assertThat(actions())
        .containsExactly(new LinkAction.Close(1, "the master answered a call with 409"));
  }

  @Test
  @DisplayName("what comes late from a connection that is over has no effect")
  void shouldIgnoreWhatIsOver() {
    // given
    linked();
    long old = connection;
    take(new LinkInput.Left("an event of an older term came"));
    pass(25);
    actions();
    // when
    take(new LinkInput.Answered(old, 200, "", "old link", ""));
    take(new LinkInput.EventReceived(old, PING));
    take(new LinkInput.Broken(old, "closed"));
    take(new LinkInput.LeaderNamed(old, "//m3:5050"));
    // then
    assertThat(actions()).isEmpty();
    assertThat(core.isPresent(connection)).isTrue();
  }

  @Test
  @DisplayName("addresses that are not host:port are refused, and named")
  void shouldRefuseAddresses() {
    assertThat(LinkCore.validateMasters(List.of(M1, "m2:65535"))).isEmpty();
    for (String wrong : List.of("m2", ":5050", "m2:", "m2:70000", "m2:x", "")) {
      assertThat(LinkCore.validateMasters(List.of(M1, wrong)))
          .contains("'" + wrong + "' is not a master's address, which is host:port");
    }
    assertThatThrownBy(() -> new LinkCore(List.of()))
        .hasMessage("at least one master is needed, as host:port");
  }
}
