package io.quorate.master.http.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.face.RecordedExchange;
import io.quorate.master.http.face.StaticCore;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.AgentInfo;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the agents' face decides, without a connection. */
class AgentFaceCoreTest {
  private static final int LINK_BYTES_MAX = 1_000;

  private final StaticCore core = new StaticCore();
  private final EventStreams<AgentEvent> links = new EventStreams<>(LINK_BYTES_MAX);
  private final TreeMap<String, String> headers = new TreeMap<>();
  private final RecordedExchange<AgentEvent> exchange = new RecordedExchange<>();
  private final AgentFaceCore face =
      new AgentFaceCore(new FaceEnvironment(core, () -> 0, () -> "link-1"), links);

  private void take(AgentCall.Builder call) {
    face.take(
        new FaceRequest("/master/api/v1/agent", headers::get, "10.0.0.7"), call.build(), exchange);
  }

  private static AgentCall.Builder subscribe() {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setAgentInfo(AgentInfo.newBuilder().setHostname("h"))
        .setVersion("1")
        .setRegistrationId("r");
    return call;
  }

  private static AgentCall.Builder unregister() {
    return AgentCall.newBuilder().setType(AgentCall.Type.UNREGISTER);
  }

  private static AgentEvent subscribed() {
    AgentEvent.Builder event = AgentEvent.newBuilder().setType(AgentEvent.Type.SUBSCRIBED);
    event.getSubscribedBuilder().getAgentIdBuilder().setValue("a");
    return event.build();
  }

  @Test
  void shouldSendToTheLeader() {
    // given
    core.follow("leader");
    // when
    take(subscribe());
    // then
    assertThat(exchange.reply().status()).isEqualTo(307);
    assertThat(exchange.reply().header("Location")).isEqualTo("//leader:5050/master/api/v1/agent");
    assertThat(links.ids()).isEmpty();
  }

  @Test
  void shouldNameWhatACallLacks() {
    // given
    AgentCall.Builder call = subscribe();
    call.getSubscribeBuilder().clearVersion();
    // when
    take(call);
    // then
    assertThat(exchange.reply().status()).isEqualTo(400);
    assertThat(exchange.reply().body()).contains("'version'");
    assertThat(exchange.submitted).isEmpty();
  }

  @Test
  void shouldOpenALink() {
    // given
    take(subscribe());
    links.send("link-1", subscribed());
    // when
    exchange.accept();
    // then
    assertThat(exchange.reply().status()).isEqualTo(200);
    assertThat(exchange.reply().header(AgentFaceCore.LINK_ID)).isEqualTo("link-1");
    assertThat(exchange.reply().header("Content-Type")).isEqualTo("application/x-protobuf");
    assertThat(exchange.written).containsExactly(subscribed());
    assertThat(exchange.submitted.get(0).getAgent().getAddress()).isEqualTo("10.0.0.7");
  }

  @Test
  void shouldTellTheCoreThatALinkBroke() {
    // given
    take(subscribe());
    links.send("link-1", subscribed());
    exchange.accept();
    // when
    exchange.leave();
    // then
    assertThat(exchange.submitted.get(1).getCloseLink().getAgentId()).isEqualTo("a");
    assertThat(exchange.submitted.get(1).getCloseLink().getLinkId()).isEqualTo("link-1");
    assertThat(links.ids()).isEmpty();
  }

  @Test
  void shouldTellTheCoreOfAnAgentThatLeftBeforeItsAnswer() {
    // given
    take(subscribe());
    links.send("link-1", subscribed());
    exchange.leave();
    // when
    exchange.accept();
    // then
    assertThat(exchange.replies).isEmpty();
    assertThat(exchange.submitted.get(1).getCloseLink().getAgentId()).isEqualTo("a");
  }

  @Test
  void shouldNotCloseTheLinkThatTheCoreEnded() {
    // given
    take(subscribe());
    links.send("link-1", subscribed());
    exchange.accept();
    // when
    links.endAll();
    exchange.leave();
    // then
    assertThat(exchange.ended).isEqualTo("end");
    assertThat(exchange.submitted).hasSize(1);
  }

  @Test
  void shouldForgetTheLinkOfARefusedSubscription() {
    // given
    take(subscribe());
    // when
    exchange.answerWith(new Answer.Refused(new Refusal(410, "Agent has been marked gone")));
    // then
    assertThat(exchange.reply().status()).isEqualTo(410);
    assertThat(links.ids()).isEmpty();
  }

  @Test
  void shouldSendToTheNextLeaderWhenTheLeadIsLostMeanwhile() {
    // given
    take(subscribe());
    core.follow("next");
    // when
    exchange.fail(new NotLeaderException("no longer"));
    // then
    assertThat(exchange.reply().header("Location")).startsWith("//next:5050/");
    assertThat(links.ids()).isEmpty();
  }

  @Test
  void shouldHearAnAgentWhateverItSays() {
    // given
    headers.put(AgentFaceCore.LINK_ID, "link-1");
    // when
    take(AgentCall.newBuilder().setType(AgentCall.Type.PONG));
    take(unregister());
    // then
    assertThat(core.heard).containsExactly("link-1", "link-1");
  }

  @Test
  void shouldAnswerAPongAtOnce() {
    // given, when
    take(AgentCall.newBuilder().setType(AgentCall.Type.PONG));
    // then
    assertThat(exchange.reply().status()).isEqualTo(202);
    assertThat(exchange.submitted).isEmpty();
  }

  @Test
  void shouldAcceptACall() {
    // given
    take(unregister());
    // when
    exchange.accept();
    // then
    assertThat(exchange.reply().status()).isEqualTo(202);
  }

  @Test
  void shouldSayThatAnOverloadedCallMayBeRepeated() {
    // given
    take(unregister());
    // when
    exchange.fail(new OverloadedException("full"));
    // then
    assertThat(exchange.reply().status()).isEqualTo(503);
    assertThat(exchange.reply().header("Retry-After")).isEqualTo("1");
  }
}
