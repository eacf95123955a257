package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.effect.Effects;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.Event;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.state.ArbitraryMessages;
import io.quorate.master.state.ArbitraryStates;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

/**
 * Nothing that is decided may become undecidable: every call has an answer on every state that a
 * log can hold, also on one of which rows are lost or whose sums were wrong, and what it leads to
 * can be told to the world.
 */
class TotalDecideTest {
  private static final int CALLS_PER_STATE = 40;
  private static final long SECOND = 1_000_000_000L;
  private static final long TWO_WEEKS = 14 * 24 * 3600 * SECOND;

  private Random random;
  private ArbitraryMessages messages;
  private MasterState state;

  @Property(tries = 150)
  @Label("every call of every kind is accepted or refused on every state")
  void shouldDecideEveryCallOnEveryState(@ForAll long seed) {
    // given
    ArbitraryStates cluster = new ArbitraryStates(seed);
    cluster.live();
    if (seed % 2 == 0) {
      cluster.damage();
    }
    random = new Random(seed);
    messages = cluster.messages();
    state = led(cluster.state());
    for (int number = 0; number < CALLS_PER_STATE; number++) {
      Optional<Call> call = call();
      if (call.isPresent()) {
        MasterState before = state.at(state.cluster().timeNanos() + later()).settled();
        // when
        Decision decision = decided(before, call.get());
        // then
        if (decision instanceof Decision.Accepted accepted) {
          tell(before, accepted.events(), call.get());
          state = accepted.after().settled();
        }
      }
    }
  }

  /** The first call of a term, before which no other is decided. */
  private static MasterState led(MasterState state) {
    BecomeLeader.Builder call =
        BecomeLeader.newBuilder()
            .setTerm(2)
            .setMasterInfo(MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050))
            .setNewClusterId("c")
            .setFrameworkGraceNanos(SECOND);
    Decision decision = decided(state, Call.newBuilder().setBecomeLeader(call).build());
    return ((Decision.Accepted) decision).after().settled();
  }

  private long later() {
    return random.nextInt(10) == 0 ? TWO_WEEKS : random.nextInt(10) * SECOND;
  }

  private static Decision decided(MasterState before, Call call) {
    try {
      return Decide.decide(before, call, Policy.DEFAULT);
    } catch (RuntimeException e) {
      throw new AssertionError("undecidable: " + kind(call), e);
    }
  }

  /** The leader computes effects event by event, each between the states around it. */
  private static void tell(MasterState before, List<Event> events, Call call) {
    Effects effects = new Effects(new Effects.LinkTerms(1, 5));
    MasterState state = before;
    for (Event event : events) {
      MasterState after = io.quorate.master.apply.Apply.apply(state, event);
      try {
        effects.add(state, event, after);
      } catch (RuntimeException e) {
        throw new AssertionError("cannot be told: " + event.getWhatCase() + " of " + kind(call), e);
      }
      state = after;
    }
    assertThat(effects.all(state)).isNotNull();
  }

  private static String kind(Call call) {
    return switch (call.getWhatCase()) {
      case SCHEDULER -> "scheduler " + call.getScheduler().getCall().getType();
      case AGENT -> "agent " + call.getAgent().getCall().getType();
      case OPERATOR -> "operator " + call.getOperator().getCall().getType();
      default -> call.getWhatCase().toString();
    };
  }

  // -- Calls ------------------------------------------------------------------------------------

  /** A call of any kind; none if it lacks a field that Mesos requires, as no face lets it pass. */
  private Optional<Call> call() {
    Call.Builder call = Call.newBuilder();
    messages.fill(call);
    call.setPrincipal("");
    switch (random.nextInt(5)) {
      case 0, 1 -> call.setScheduler(schedulerCall());
      case 2 -> call.setAgent(agentCall());
      case 3 -> operatorCall(call);
      default -> {}
    }
    try {
      return Optional.of(Call.parseFrom(call.buildPartial().toByteArray()));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private SchedulerCall schedulerCall() {
    SchedulerCall.Builder asked = SchedulerCall.newBuilder();
    var call = asked.getCallBuilder();
    messages.fill(call);
    var types = io.quorate.protocol.v1.scheduler.Call.Type.values();
    call.setType(types[random.nextInt(types.length)]);
    any(state.frameworks().values())
        .filter(framework -> random.nextInt(10) > 0)
        .ifPresent(framework -> as(framework, asked));
    return asked.buildPartial();
  }

  /** From the framework itself; an ACCEPT is of offers that it has. */
  private void as(Framework framework, SchedulerCall.Builder asked) {
    var call = asked.setStreamId(framework.streamId()).getCallBuilder();
    call.getFrameworkIdBuilder().setValue(framework.id().value());
    List<io.quorate.master.state.entity.Offer> offers = new ArrayList<>();
    state.offersTo(framework.id()).forEach(id -> offers.add(state.offers().get(id)));
    if (call.hasAccept() && !offers.isEmpty() && random.nextInt(4) > 0) {
      var offer = offers.get(random.nextInt(offers.size()));
      call.getAcceptBuilder().clearOfferIds().addOfferIdsBuilder().setValue(offer.id().value());
      for (Offer.Operation.Builder operation : call.getAcceptBuilder().getOperationsBuilderList()) {
        operation
            .getLaunchBuilder()
            .getTaskInfosBuilderList()
            .forEach(task -> task.getAgentIdBuilder().setValue(offer.agent().value()));
      }
    }
  }

  private AgentLinkCall agentCall() {
    AgentLinkCall.Builder asked = AgentLinkCall.newBuilder();
    AgentCall.Builder call = asked.getCallBuilder();
    messages.fill(call);
    AgentCall.Type[] types = AgentCall.Type.values();
    call.setType(types[random.nextInt(types.length)]);
    asked.setAddress(random.nextBoolean() ? "" : "10.0.0.1").setLinkId("l" + random.nextInt(3));
    any(state.agents().values())
        .filter(agent -> random.nextInt(10) > 0)
        .ifPresent(agent -> as(agent, asked));
    return asked.buildPartial();
  }

  private static void as(Agent agent, AgentLinkCall.Builder asked) {
    asked.setLinkId(agent.linkId()).setAddress(agent.link().address());
    asked.getCallBuilder().getAgentIdBuilder().setValue(agent.id().value());
    asked.getCallBuilder().setCommandsDone(agent.lastCommand());
  }

  private void operatorCall(Call.Builder call) {
    var asked = call.getOperatorBuilder().getCallBuilder();
    messages.fill(asked);
    var types = io.quorate.protocol.v1.master.Call.Type.values();
    asked.setType(types[random.nextInt(types.length)]);
  }

  private <T> Optional<T> any(Iterable<T> values) {
    List<T> all = new ArrayList<>();
    values.forEach(all::add);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
  }
}
