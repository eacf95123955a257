package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.FrameworkInfo.Capability.Type;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.OfferFilters.ResourceQuantities;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Weights, what is offered by role, and whose turn it is (Mesos 5.2, 5.5, 5.6). */
class RoleRulesTest {
  private final Scenario scenario = new Scenario();

  private Scenario weigh(Object... rolesAndWeights) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_WEIGHTS);
    for (int i = 0; i < rolesAndWeights.length; i += 2) {
      call.getUpdateWeightsBuilder()
          .addWeightInfosBuilder()
          .setRole((String) rolesAndWeights[i])
          .setWeight((Double) rolesAndWeights[i + 1]);
    }
    return scenario.operator(call);
  }

  private Scenario subscribed(int number, String role) {
    return scenario.subscribe(
        framework("f", Type.RESERVATION_REFINEMENT).clearRoles().addRoles(role), "s" + number);
  }

  private List<String> offersTo(int framework) {
    List<String> all = new ArrayList<>();
    scenario
        .state()
        .offersTo(new FrameworkId(id(framework)))
        .forEach(offer -> all.add(offer.value()));
    return all;
  }

  // -- Weights ----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-393 the named roles' weights, others keep theirs; offers are made anew")
  void shouldWeigh() {
    scenario.agent(0, "cpus:1;mem:64");
    weigh("a", 2.5, "b", 3.0);
    weigh("b", 4.0);
    assertThat(scenario.state().roles().get("a").weight()).isEqualTo(OptionalDouble.of(2.5));
    assertThat(scenario.state().roles().get("b").weight()).isEqualTo(OptionalDouble.of(4.0));
    subscribed(0, "a/x").allocate();
    weigh("c", 2.0);
    assertThat(offersTo(0)).hasSize(1);
    weigh("a", 2.0);
    assertThat(scenario.toldTypes("s0")).containsExactly(Event.Type.RESCIND);
  }

  @Test
  @DisplayName("CP-393 a weight that is not positive, or of a role that cannot be, is refused")
  void shouldRefuseWeights() {
    var before = scenario.state();
    weigh("a", 2.0, "w1", -1.0);
    assertThat(scenario.refusal().status()).isEqualTo(400);
    assertThat(scenario.refusal().message())
        .isEqualTo(
            "Failed to validate update weights request JSON for role 'w1': Invalid weight '-1':"
                + " Weights must be positive");
    weigh("w1", Double.NaN);
    assertThat(scenario.refusal().message()).contains("'NaN'");
    weigh("w1", Double.POSITIVE_INFINITY);
    assertThat(scenario.refusal().message()).contains("finite");
    weigh("/w1", 1.0);
    assertThat(scenario.refusal().message()).contains("slash");
    assertThat(scenario.state()).isEqualTo(before);
  }

  // -- Reservations -----------------------------------------------------------------------------

  @Test
  @DisplayName("CP-379, CP-380 reserved for a: to a and a/b; reserved for a/b: not to a")
  void shouldOfferReserved() {
    scenario.agent(0, "cpus(a):1;mem(a):64").agent(1, "cpus(a/b):1;mem(a/b):64");
    subscribed(0, "c").allocate();
    assertThat(scenario.offers()).isEmpty();
    subscribed(1, "a").allocate();
    assertThat(offersTo(1)).hasSize(1);
    assertThat(scenario.state().offers().get(new OfferId(offersTo(1).get(0))).agent())
        .isEqualTo(Scenario.agentId(0));
    scenario.accept(1, "s1").after(1);
    subscribed(2, "a/b").allocate();
    assertThat(offersTo(2)).hasSize(2);
  }

  @Test
  @DisplayName("CP-367 reserved resources go to their role, and to no other")
  void shouldOfferReservedToTheRole() {
    // given
    scenario.agent(0, "cpus(a):1;mem(a):64");

    // when
    subscribed(0, "c").allocate();
    subscribed(1, "a").allocate();

    // then
    assertThat(offersTo(0)).isEmpty();
    assertThat(offersTo(1)).hasSize(1);
  }

  @Test
  @DisplayName(
      "CP-372 what is free of an agent goes to one framework, and the rest to whom it fits")
  void shouldNotSplit() {
    scenario.agent(0, "cpus:4;mem:4096;ports:[1-9];cpus(b):1;mem(b):64");
    subscribed(0, "a");
    subscribed(1, "b").allocate();
    assertThat(scenario.offers()).hasSize(2);
    assertThat(scenario.offered(offersTo(0).get(0)).scalarMillis("cpus")).isEqualTo(4000);
    assertThat(scenario.offered(offersTo(1).get(0)).scalarMillis("cpus")).isEqualTo(1000);
  }

  @Test
  @DisplayName("CP-381 suppressed_roles of SUBSCRIBE get no offers")
  void shouldSuppressFromTheStart() {
    scenario.agent(0, "cpus:1;mem:64");
    var call =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setFrameworkInfo(framework("f").clearRoles().addRoles("a").addRoles("b"))
        .addSuppressedRoles("a");
    scenario.schedulerCall(call, "s0").allocate();
    assertThat(scenario.state().offers().get(new OfferId(offersTo(0).get(0))).role())
        .isEqualTo("b");
    scenario.accept(0, "s0").after(1).allocate();
    assertThat(offersTo(0)).isEmpty();
  }

  // -- Turns ------------------------------------------------------------------------------------

  /** A framework with a share, so that all others come before it. */
  private void withShare() {
    scenario.agent(0, "cpus(r0):1;mem(r0):64");
    subscribed(0, "r0").allocate();
    scenario.launch(0, "s0", scenario.offers(), Scenario.task("t", 0, "cpus(r0):1;mem(r0):64"));
    assertThat(scenario.state().tasks().size()).isEqualTo(1);
    scenario.agent(1, "cpus:1;mem:64");
  }

  private void decline(int framework, double seconds) {
    var call = from(framework, io.quorate.protocol.v1.scheduler.Call.Type.DECLINE);
    offersTo(framework)
        .forEach(offer -> call.getDeclineBuilder().addOfferIdsBuilder().setValue(offer));
    call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(seconds);
    scenario.schedulerCall(call, "s" + framework);
  }

  @Test
  @DisplayName("CP-185 frameworks that refuse for 0 s do not starve one with a greater share")
  void shouldNotStarveByRefusals() {
    withShare();
    subscribed(1, "r1");
    subscribed(2, "r2");
    for (int i = 0; i < 2; i++) {
      scenario.allocate();
      assertThat(offersTo(0)).isEmpty();
      decline(offersTo(1).isEmpty() ? 2 : 1, 0);
    }
    scenario.allocate();
    assertThat(offersTo(0)).hasSize(1);
    // All had their turn: it is the smallest share's again.
    decline(0, 0);
    scenario.allocate();
    assertThat(offersTo(0)).isEmpty();
    assertThat(scenario.offers()).hasSize(1);
  }

  @Test
  @DisplayName("CP-181 frameworks that sit on offers do not starve one with a greater share")
  void shouldNotStarveByHoarding() {
    withShare();
    for (int i = 1; i <= 4; i++) {
      subscribed(i, "r" + i);
    }
    int turns = 0;
    while (offersTo(0).isEmpty()) {
      scenario.allocate();
      assertThat(scenario.offers()).hasSize(1);
      assertThat(++turns).isLessThanOrEqualTo(5);
      if (offersTo(0).isEmpty()) {
        scenario.after(5 * 60).timers();
        assertThat(scenario.offers()).isEmpty();
      }
    }
    assertThat(turns).isEqualTo(5);
  }

  @Test
  @DisplayName("turns are forgotten, and with the last framework nothing is left of them")
  void shouldForgetTurns() {
    scenario.agent(0, "cpus:1;mem:64");
    subscribed(0, "r").allocate();
    decline(0, 0);
    assertThat(scenario.state().filters().size()).isEqualTo(1);
    assertThat(scenario.state().turns(new FrameworkId(id(0)), "r")).isEqualTo(1);
    scenario.after(121).timers();
    assertThat(scenario.state().filters().isEmpty()).isTrue();
    scenario.schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN), "s0");
    assertThat(scenario.state().turns(new FrameworkId(id(0)), "r")).isZero();
    assertThat(scenario.state().timers()).isEmpty();
  }

  @Test
  @DisplayName("CP-147 REVIVE ends refusals; so does CP-164 REQUEST, of the agents it names")
  void shouldHearRequests() {
    scenario.agent(0, "cpus:1;mem:64").agent(1, "cpus:1;mem:64");
    subscribed(0, "r").allocate();
    decline(0, 1000);
    scenario.allocate();
    assertThat(offersTo(0)).isEmpty();
    var request = from(0, io.quorate.protocol.v1.scheduler.Call.Type.REQUEST);
    request
        .getRequestBuilder()
        .addRequestsBuilder()
        .getAgentIdBuilder()
        .setValue(Scenario.agentId(1).value());
    scenario.schedulerCall(request, "s0").allocate();
    assertThat(offersTo(0)).hasSize(1);
    assertThat(scenario.state().offers().get(new OfferId(offersTo(0).get(0))).agent())
        .isEqualTo(Scenario.agentId(1));
    scenario
        .schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.REVIVE), "s0")
        .allocate();
    assertThat(offersTo(0)).hasSize(2);
  }

  @Test
  @DisplayName("CP-183 a refusal stands although an older one, revived since, would end now")
  void shouldKeepTheNewerRefusal() {
    scenario.agent(0, "cpus:1;mem:64");
    subscribed(0, "r").allocate();
    decline(0, 5);
    scenario
        .schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.REVIVE), "s0")
        .allocate();
    decline(0, 60);
    scenario.after(6).timers().allocate();
    assertThat(offersTo(0)).isEmpty();
    scenario.after(55).timers().allocate();
    assertThat(offersTo(0)).hasSize(1);
  }

  @Test
  @DisplayName("CP-190 a framework's least may be of ranges and sets: their members count")
  void shouldCountMembers() {
    scenario.agent(0, "cpus:1;mem:64;ports:[1-4]").agent(1, "cpus:1;mem:64;ports:[1-5]");
    var info = framework("f").clearRoles().addRoles("r");
    var quantities = ResourceQuantities.newBuilder();
    quantities.putQuantities("ports", Value.Scalar.newBuilder().setValue(5).build());
    info.putOfferFilters(
        "r",
        OfferFilters.newBuilder()
            .setMinAllocatableResources(
                OfferFilters.MinAllocatableResources.newBuilder().addQuantities(quantities))
            .build());
    scenario.subscribe(info, "s0").allocate();
    assertThat(offersTo(0)).hasSize(1);
  }
}
