package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.id;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.event.ProposeOffers;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.OfferFilters.ResourceQuantities;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.quota.QuotaConfig;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guarantees and limits (Mesos 5.3, 5.4). */
class QuotaRulesTest {
  private final Scenario scenario = new Scenario();

  private static QuotaConfig quota(
      String role, Map<String, Double> guarantees, Map<String, Double> limits) {
    QuotaConfig.Builder config = QuotaConfig.newBuilder().setRole(role);
    guarantees.forEach((name, value) -> config.putGuarantees(name, scalar(value)));
    limits.forEach((name, value) -> config.putLimits(name, scalar(value)));
    return config.build();
  }

  private static Value.Scalar scalar(double value) {
    return Value.Scalar.newBuilder().setValue(value).build();
  }

  private Scenario update(boolean force, QuotaConfig... configs) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_QUOTA);
    call.getUpdateQuotaBuilder().setForce(force).addAllQuotaConfigs(List.of(configs));
    return scenario.operator(call);
  }

  private void refused(int status, String part, QuotaConfig... configs) {
    var before = scenario.state();
    update(false, configs);
    assertThat(scenario.refusal().status()).isEqualTo(status);
    assertThat(scenario.refusal().message()).contains(part);
    assertThat(scenario.state()).isEqualTo(before);
  }

  private Scenario subscribed(int number, String role) {
    return scenario.subscribe(framework("f").clearRoles().addRoles(role), "s" + number);
  }

  private List<Resources> offersTo(int framework) {
    java.util.ArrayList<Resources> all = new java.util.ArrayList<>();
    scenario
        .state()
        .offersTo(new FrameworkId(id(framework)))
        .forEach(offer -> all.add(scenario.state().offers().get(offer).resources()));
    return all;
  }

  private static Resources resources(String text) {
    return Resources.of(ResourceText.parse(text));
  }

  // -- What is refused --------------------------------------------------------------------------

  @Test
  @DisplayName("CP-373 several roles: all or none")
  void shouldSetAllOrNone() {
    scenario.agent(0, "cpus:8;mem:8192");
    refused(
        400,
        "'b'",
        quota("a", Map.of("cpus", 1.0), Map.of()),
        quota("b", Map.of("cpus", 2.0), Map.of("cpus", 1.0)));
    assertThat(scenario.state().roles().isEmpty()).isTrue();
    update(
        false,
        quota("a", Map.of("cpus", 1.0), Map.of()),
        quota("b", Map.of("cpus", 2.0), Map.of("cpus", 3.0)));
    assertThat(scenario.state().roles().get("a").guarantees())
        .isEqualTo(Quantities.ofMillis(Map.of("cpus", 1000L)));
    assertThat(scenario.state().roles().get("b").limits().millis()).containsEntry("cpus", 3000L);
  }

  @Test
  @DisplayName("CP-374, CP-375 a guarantee above its limit, a nested role, and other nonsense")
  void shouldRefuseNonsense() {
    scenario.agent(0, "cpus:8;mem:8192");
    refused(400, "above its limit", quota("a", Map.of("cpus", 2.0), Map.of("cpus", 1.0)));
    refused(400, "nested", quota("a/b", Map.of("cpus", 1.0), Map.of()));
    refused(400, "'*'", quota("*", Map.of("cpus", 1.0), Map.of()));
    refused(400, "'guarantees' has -1 of 'cpus'", quota("a", Map.of("cpus", -1.0), Map.of()));
    refused(400, "'limits' has NaN", quota("a", Map.of(), Map.of("cpus", Double.NaN)));
    refused(400, "2^40", quota("a", Map.of(), Map.of("mem", 1.2e12)));
    refused(400, "10^12", quota("a", Map.of(), Map.of("cpus", 1.1e12)));
    refused(400, "twice", quota("a", Map.of(), Map.of()), quota("a", Map.of(), Map.of()));
    refused(400, "slash", quota("/a", Map.of(), Map.of()));
  }

  @Test
  @DisplayName("CP-376 a limit below what is consumed, offers not counted, unless forced")
  void shouldNotUndercut() {
    scenario.agent(0, "cpus:8;mem:8192;cpus(a/x):1");
    subscribed(0, "a/x").allocate();
    scenario.launch(0, "s0", scenario.offers(), task("t", 0, "cpus:2;mem:32"));
    scenario.after(10).timers().allocate();
    assertThat(scenario.offers()).isNotEmpty();
    refused(400, "consumes already", quota("a", Map.of(), Map.of("cpus", 2.5)));
    update(false, quota("a", Map.of(), Map.of("cpus", 3.0)));
    assertThat(scenario.toldTypes("s0")).containsOnly(Event.Type.RESCIND);
    update(true, quota("a", Map.of(), Map.of("cpus", 1.0)));
    assertThat(scenario.state().roles().get("a").limits().millis()).containsEntry("cpus", 1000L);
    scenario.after(10).timers().allocate();
    // No cpus beyond what is reserved; memory has no limit.
    assertThat(offersTo(0)).hasSize(1);
    assertThat(offersTo(0).get(0).scalarMillis("cpus")).isEqualTo(1000);
  }

  @Test
  @DisplayName("CP-377 guarantees above the cluster, unless forced")
  void shouldNotOvercommit() {
    scenario.agent(0, "cpus:8;mem:8192").agent(1, "cpus:8;mem:8192");
    update(false, quota("a", Map.of("cpus", 10.0), Map.of()));
    refused(400, "use 'force'", quota("b", Map.of("cpus", 7.0), Map.of()));
    refused(400, "cpus:17", quota("a", Map.of("cpus", 17.0), Map.of()));
    update(true, quota("b", Map.of("cpus", 7.0), Map.of()));
    assertThat(scenario.state().roles().get("b").hasQuota()).isTrue();
  }

  @Test
  @DisplayName("SET_QUOTA with a scalar that has no value is refused by name")
  void shouldRefuseAGuaranteeWithoutAValue() {
    // given
    Call.Builder set = Call.newBuilder().setType(Call.Type.SET_QUOTA);
    set.getSetQuotaBuilder()
        .getQuotaRequestBuilder()
        .setRole("a")
        .addGuarantee(Resource.newBuilder().setName("cpus").setType(Value.Type.SCALAR));
    // when
    scenario.operator(set);
    // then
    assertThat(scenario.refusal().status()).isEqualTo(400);
    assertThat(scenario.refusal().message()).contains("quota_request.guarantee", "'cpus'");
  }

  @Test
  @DisplayName("SET_QUOTA sets guarantee and limit once; REMOVE_QUOTA needs one")
  void shouldKnowTheOlderForm() {
    scenario.agent(0, "cpus:8;mem:8192");
    Call.Builder set = Call.newBuilder().setType(Call.Type.SET_QUOTA);
    set.getSetQuotaBuilder()
        .getQuotaRequestBuilder()
        .setRole("a")
        .addAllGuarantee(ResourceText.parse("cpus:2"));
    scenario.operator(set);
    Role role = scenario.state().roles().get("a");
    assertThat(role.guarantees().millis("cpus")).isEqualTo(2000);
    assertThat(role.limits().millis()).containsEntry("cpus", 2000L);
    scenario.operator(set);
    assertThat(scenario.refusal().message()).contains("already has quota");
    Call.Builder remove = Call.newBuilder().setType(Call.Type.REMOVE_QUOTA);
    remove.getRemoveQuotaBuilder().setRole("a");
    scenario.operator(remove);
    assertThat(scenario.state().roles().isEmpty()).isTrue();
    scenario.operator(remove);
    assertThat(scenario.refusal().message()).isEqualTo("Role 'a' has no quota set");
  }

  // -- Offers -----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-368 unmet guarantees come before other roles, whatever their shares")
  void shouldServeGuaranteesFirst() {
    scenario.agent(0, "cpus:4;mem:4096");
    subscribed(0, "z").allocate();
    scenario.launch(0, "s0", scenario.offers(), task("t", 0, "cpus:1;mem:32"));
    scenario.after(10).timers();
    update(false, quota("z", Map.of("cpus", 3.0, "mem", 1024.0), Map.of()));
    subscribed(1, "a").allocate();
    assertThat(offersTo(1)).isEmpty();
    assertThat(offersTo(0)).hasSize(1);
  }

  @Test
  @DisplayName("CP-369 what unmet guarantees need is held back from others")
  void shouldHoldBack() {
    scenario.agent(0, "cpus:4;mem:4096").agent(1, "cpus:4;mem:4096");
    // Nobody is there for the guarantee.
    update(false, quota("q", Map.of("cpus", 5.0), Map.of()));
    subscribed(0, "a").allocate();
    long cpus = offersTo(0).stream().mapToLong(offered -> offered.scalarMillis("cpus")).sum();
    long mem = offersTo(0).stream().mapToLong(offered -> offered.scalarMillis("mem")).sum();
    assertThat(cpus).isEqualTo(3000);
    assertThat(mem).isEqualTo(2 * 4096_000L);
    subscribed(1, "q").after(1).allocate();
    assertThat(offersTo(1).stream().mapToLong(offered -> offered.scalarMillis("cpus")).sum())
        .isEqualTo(5000);
  }

  @Test
  @DisplayName("CP-370, CP-371 a limit is a ceiling, reservations counted; an agent is cut to it")
  void shouldKeepToLimits() {
    scenario.agent(0, "cpus:15;mem:4096;cpus(r):2");
    update(false, quota("r", Map.of(), Map.of("cpus", 10.0)));
    subscribed(0, "r/x").allocate();
    assertThat(offersTo(0)).containsExactly(resources("cpus:8;mem:4096;cpus(r):2"));
  }

  @Test
  @DisplayName("CP-370 a proposal beyond a limit is dropped, whichever allocator it comes from")
  void shouldNotTakeProposalsBeyondLimits() {
    scenario.agent(0, "cpus:15;mem:4096");
    update(false, quota("r", Map.of(), Map.of("cpus", 10.0)));
    subscribed(0, "r");
    scenario.call(proposing("r", 0, "cpus:11;mem:32"));
    assertThat(scenario.offers()).isEmpty();
    scenario.call(proposing("r", 0, "cpus:10;mem:32"));
    assertThat(scenario.offers()).hasSize(1);
    scenario.call(proposing("r", 0, "cpus:0.1;mem:32"));
    assertThat(scenario.offers()).hasSize(1);
  }

  private static io.quorate.master.event.Call.Builder proposing(
      String role, int agent, String resources) {
    return io.quorate.master.event.Call.newBuilder()
        .setProposeOffers(
            ProposeOffers.newBuilder()
                .addOffers(
                    ProposedOffer.newBuilder()
                        .setFrameworkId(id(0))
                        .setAgentId(Scenario.agentId(agent).value())
                        .setRole(role)
                        .addAllResources(ResourceText.parse(resources))));
  }

  @Test
  @DisplayName("a limit is shared by all below the role")
  void shouldLimitTheSubtree() {
    scenario.agent(0, "cpus:4;mem:4096").agent(1, "cpus:4;mem:4096").agent(2, "cpus:4;mem:4096");
    update(false, quota("r", Map.of(), Map.of("cpus", 6.0)));
    subscribed(0, "r/x");
    subscribed(1, "r/y").allocate();
    long cpus =
        java.util.stream.Stream.of(0, 1)
            .flatMap(framework -> offersTo(framework).stream())
            .mapToLong(offered -> offered.scalarMillis("cpus"))
            .sum();
    assertThat(cpus).isEqualTo(6000);
  }

  @Test
  @DisplayName("offers go back until a new guarantee can be met, and no more of them")
  void shouldMakeRoom() {
    scenario.agent(0, "cpus:4;mem:4096").agent(1, "cpus:4;mem:4096").agent(2, "cpus:4;mem:4096");
    subscribed(0, "a").allocate();
    assertThat(offersTo(0)).hasSize(3);
    update(false, quota("q", Map.of("cpus", 5.0), Map.of()));
    assertThat(scenario.toldTypes("s0")).containsExactly(Event.Type.RESCIND, Event.Type.RESCIND);
    assertThat(offersTo(0)).hasSize(1);
  }

  @Test
  @DisplayName("what a framework held counts no more when it is gone")
  void shouldFreeWithTheFramework() {
    scenario.agent(0, "cpus:8;mem:4096");
    update(false, quota("r", Map.of(), Map.of("cpus", 4.0, "mem", 4096.0)));
    subscribed(0, "r").allocate();
    assertThat(offersTo(0)).hasSize(1);
    subscribed(1, "r").allocate();
    assertThat(offersTo(1)).isEmpty();
    scenario
        .schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN), "s0")
        .allocate();
    assertThat(offersTo(1)).hasSize(1);
  }

  @Test
  @DisplayName("reservations on an unreachable agent take nothing of a quota")
  void shouldNotCountTheUnreachable() {
    scenario.agent(0, "cpus(r):4;mem(r):64").agent(1, "cpus:4;mem:4096");
    update(true, quota("r", Map.of(), Map.of("cpus", 4.0)));
    subscribed(0, "r").allocate();
    assertThat(offersTo(0).stream().mapToLong(offered -> offered.scalarMillis("cpus")).sum())
        .isEqualTo(4000);
    scenario.unreachable(0).allocate();
    scenario.accept(0, "s0").after(6).allocate();
    assertThat(offersTo(0).stream().mapToLong(offered -> offered.scalarMillis("cpus")).sum())
        .isEqualTo(4000);
  }

  @Test
  @DisplayName("room is made for guarantees of several roles together, not for each alone")
  void shouldMakeRoomForAll() {
    scenario.agent(0, "cpus:8;mem:4096").agent(1, "cpus:8;mem:4096");
    subscribed(0, "x");
    scenario.call(proposing("x", 1, "cpus:8;mem:4096"));
    assertThat(scenario.offers()).hasSize(1);
    update(
        false,
        quota("y", Map.of("cpus", 8.0), Map.of()),
        quota("z", Map.of("cpus", 8.0), Map.of()));
    assertThat(scenario.offers()).isEmpty();
  }

  @Test
  @DisplayName("nothing is no offer, whatever a framework takes for enough")
  void shouldNotOfferNothing() {
    scenario.agent(0, "cpus:8");
    update(false, quota("r", Map.of(), Map.of("cpus", 0.0)));
    var info = framework("f").clearRoles().addRoles("r");
    var quantities = ResourceQuantities.newBuilder();
    quantities.putQuantities("cpus", scalar(0));
    info.putOfferFilters(
        "r",
        OfferFilters.newBuilder()
            .setMinAllocatableResources(
                OfferFilters.MinAllocatableResources.newBuilder().addQuantities(quantities))
            .build());
    scenario.subscribe(info, "s0").allocate();
    assertThat(scenario.offers()).isEmpty();
  }
}
