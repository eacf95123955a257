package io.quorate.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Call;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.scheduler.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private final List<String> unreachable = new ArrayList<>();
  private final List<String> pinged = new ArrayList<>();
  private MasterState state = MasterState.EMPTY.at(1);
  private long now;

  private Liveness liveness(Optional<RemovalRate> rate) {
    LoopSettings usual = LoopSettings.DEFAULT;
    LoopSettings settings =
        new LoopSettings(
            usual.policy(),
            usual.bounds(),
            usual.allocator(),
            usual.offersPerCallMax(),
            usual.allocationTimeout(),
            usual.allocationInterval(),
            usual.allocationGap(),
            usual.pingInterval(),
            usual.pingTimeoutsMax(),
            usual.agentReregisterTimeout(),
            rate);
    Sender sender = new Sender(settings, new Nobody<Event>(), new Links());
    return new Liveness(settings, () -> now, this::called, sender);
  }

  private void called(Call call) {
    if (call.hasMarkUnreachable()) {
      unreachable.add(call.getMarkUnreachable().getAgentId());
      state = state.unreachable(new AgentId(call.getMarkUnreachable().getAgentId()), 1);
    }
  }

  private static class Nobody<E> implements EventSink<E> {
    @Override
    public void send(String streamId, E event) {}

    @Override
    public void end(String streamId) {}

    @Override
    public void endAll() {}
  }

  private final class Links extends Nobody<AgentEvent> {
    @Override
    public void send(String link, AgentEvent event) {
      pinged.add(link);
    }
  }

  private void linked(String id) {
    AgentInfo info = AgentInfo.newBuilder().setHostname("h").build();
    AgentId agent = new AgentId(id);
    if (!state.agents().has(agent)) {
      state = state.registered(agent, info, "r" + id);
    }
    state =
        state.linked(
            agent,
            info,
            Resources.EMPTY,
            new Agent.Link("link-" + id, "", "", List.of(), ByteString.EMPTY));
  }

  private static AgentCall pong(String id) {
    return AgentCall.newBuilder()
        .setType(AgentCall.Type.PONG)
        .setAgentId(AgentID.newBuilder().setValue(id))
        .build();
  }

  private void pass(Liveness liveness, Duration time) {
    for (long second = 0; second < time.toSeconds(); second++) {
      now += Duration.ofSeconds(1).toNanos();
      liveness.tick(state);
    }
  }

  @Test
  @DisplayName("CP-275, CP-276 unreachable after five pings of 15 s without an answer, not before")
  void shouldGiveUpAfterTheBudget() {
    Liveness liveness = liveness(Optional.empty());
    liveness.reset(state);
    linked("a");
    pass(liveness, Duration.ofSeconds(74));
    assertThat(unreachable).isEmpty();
    assertThat(pinged).hasSizeBetween(4, 6);
    liveness.heard(state, pong("a"), "link-a");
    pass(liveness, Duration.ofSeconds(74));
    assertThat(unreachable).isEmpty();
    pass(liveness, Duration.ofSeconds(3));
    assertThat(unreachable).containsExactly("a");
  }

  @Test
  @DisplayName("Whatever an agent says shows that it lives: its pongs may wait behind its updates")
  void shouldTakeUpdatesForLife() {
    Liveness liveness = liveness(Optional.empty());
    liveness.reset(state);
    linked("a");
    for (int i = 0; i < 4; i++) {
      pass(liveness, Duration.ofSeconds(60));
      AgentCall update = pong("a").toBuilder().setType(AgentCall.Type.UPDATE).build();
      liveness.heard(state, update, "link-a");
    }
    assertThat(unreachable).isEmpty();
  }

  @Test
  @DisplayName("A pong on a link that was replaced is nobody's")
  void shouldNotHearOldLinks() {
    Liveness liveness = liveness(Optional.empty());
    liveness.reset(state);
    linked("a");
    pass(liveness, Duration.ofSeconds(60));
    liveness.heard(state, pong("a"), "old");
    pass(liveness, Duration.ofSeconds(20));
    assertThat(unreachable).containsExactly("a");
  }

  @Test
  @DisplayName("After a change of leader an agent has the re-registration time-out to come back")
  void shouldWaitForAgentsOfTheLastLeader() {
    Liveness liveness = liveness(Optional.empty());
    linked("a");
    liveness.reset(state);
    pass(liveness, Duration.ofMinutes(9));
    assertThat(unreachable).isEmpty();
    pass(liveness, Duration.ofMinutes(2));
    assertThat(unreachable).containsExactly("a");
  }

  @Test
  @DisplayName("CP-277, CP-278 the rate limit spreads removals; who answers meanwhile stays")
  void shouldLimitRemovals() {
    Liveness liveness = liveness(Optional.of(new RemovalRate(1, Duration.ofMinutes(10))));
    liveness.reset(state);
    linked("a");
    linked("b");
    linked("c");
    pass(liveness, Duration.ofSeconds(80));
    assertThat(unreachable).hasSize(1);
    List<String> left = new ArrayList<>(List.of("a", "b", "c"));
    left.removeAll(unreachable);
    liveness.heard(state, pong(left.get(0)), "link-" + left.get(0));
    for (int i = 0; i < 60; i++) {
      pass(liveness, Duration.ofSeconds(11));
      liveness.heard(state, pong(left.get(0)), "link-" + left.get(0));
    }
    assertThat(unreachable).doesNotContain(left.get(0)).contains(left.get(1));
  }
}
