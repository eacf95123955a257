package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.decide.draft.Policy;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Offer;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.AttributeConstraint;
import io.quorate.protocol.v1.scheduler.AttributeConstraint.Selector.PseudoattributeType;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import io.quorate.protocol.v1.scheduler.OfferConstraints.RoleConstraints;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OfferRulesTest {
  private Scenario scenario = new Scenario();

  // -- Answers ----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-136 offers of two roles in one ACCEPT: none of it happens")
  void shouldRefuseTwoRoles() {
    scenario.agent(0, "cpus(a):1;mem(a):64;cpus(b):1;mem(b):64");
    scenario.subscribe(framework("f").clearRoles().addRoles("a").addRoles("b"), "s").allocate();
    assertThat(scenario.offers()).hasSize(2);
    scenario.accept(0, "s", launching(task("t", 0, "cpus:1")));
    assertThat(scenario.statuses("s").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS);
    assertThat(scenario.offers()).isEmpty();
  }

  @Test
  @DisplayName("CP-140 two offers of one agent and role make one")
  void shouldAddOffers() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate();
    scenario.reconnect(0, "cpus:3;mem:64").allocate();
    scenario.launch(0, "s", scenario.offers(), task("a", 0, "cpus:1")).after(9).timers().allocate();
    scenario.update(0, Scenario.id(0), "a", TaskState.TASK_FINISHED);
    scenario.allocate();
    assertThat(scenario.offers()).hasSize(2);
    scenario.accept(0, "s", launching(task("b", 0, "cpus:3")));
    assertThat(scenario.statuses("s")).isEmpty();
    assertThat(scenario.state().tasks().size()).isEqualTo(2);
  }

  @Test
  @DisplayName("CP-145 ACCEPT of nothing is DECLINE")
  void shouldDecline() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate().accept(0, "s");
    assertThat(scenario.state().filters().size()).isEqualTo(1);
    scenario.allocate();
    assertThat(scenario.offers()).isEmpty();
  }

  @Test
  @DisplayName("CP-184 more than was refused is offered at once")
  void shouldOfferMore() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate().accept(0, "s");
    scenario.reconnect(0, "cpus:2;mem:64").allocate();
    assertThat(scenario.offers()).hasSize(1);
  }

  @Test
  @DisplayName("CP-186 less than 0 s means 5 s, more than a year a year")
  void shouldBoundFilters() {
    assertThat(filterSeconds(-1)).isEqualTo(5);
    assertThat(filterSeconds(1e12)).isEqualTo(365 * 24 * 3600);
    assertThat(filterSeconds(0.1)).isEqualTo(1);
  }

  private long filterSeconds(double refuse) {
    scenario = new Scenario();
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate();
    Call.Builder call = from(0, Call.Type.DECLINE);
    call.getDeclineBuilder().addOfferIdsBuilder().setValue(scenario.offers().get(0));
    call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(refuse);
    scenario.schedulerCall(call, "s");
    Filter filter = scenario.state().filters().values().iterator().next();
    return (filter.deadlineNanos() - scenario.state().cluster().timeNanos()) / Scenario.SECOND;
  }

  @Test
  @DisplayName("CP-187 a framework that goes away takes its filters with it")
  void shouldDropFilters() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate().accept(0, "s");
    scenario.breakStream(0, "s");
    assertThat(scenario.state().filters().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("an agent that comes back with other attributes is offered in spite of refusals")
  void shouldForgetRefusalsOfAnother() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate().accept(0, "s");
    scenario.reconnect(0, "cpus:1;mem:64").allocate();
    assertThat(scenario.offers()).isEmpty();
    var agent = scenario.state().agents().get(agentId(0));
    AgentCall.Builder call = AgentCalls.registration(0, "cpus:1;mem:64");
    call.getAgentIdBuilder().setValue(agent.id().value());
    call.setCommandsDone(agent.lastCommand());
    call.getSubscribeBuilder()
        .getAgentInfoBuilder()
        .addAttributes(
            Attribute.newBuilder()
                .setName("rack")
                .setType(Value.Type.TEXT)
                .setText(Value.Text.newBuilder().setValue("b")));
    scenario.agentCall(call, "again").allocate();
    assertThat(scenario.offers()).hasSize(1);
  }

  @Test
  @DisplayName("CP-181, CP-182 offers end after their time-out, and never without one")
  void shouldTimeOut() {
    Scenario patient = new Scenario(timingOut(Optional.empty()));
    patient.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate();
    patient.after(1e6).timers();
    assertThat(patient.offers()).hasSize(1);
    Scenario impatient = new Scenario(timingOut(Optional.of(30 * Scenario.SECOND)));
    impatient
        .agent(0, "cpus:1;mem:64")
        .subscribe(framework("f"), "s")
        .allocate()
        .after(29)
        .timers();
    assertThat(impatient.offers()).hasSize(1);
    impatient.after(2).timers();
    assertThat(impatient.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    assertThat(impatient.offers()).isEmpty();
  }

  private static Policy timingOut(Optional<Long> offerTimeoutNanos) {
    Policy usual = Policy.DEFAULT;
    return new Policy(
        offerTimeoutNanos,
        usual.turnMemoryNanos(),
        usual.frameworkGraceNanos(),
        usual.timersPerCallMax(),
        usual.forgetAgentNanos(),
        new TreeSet<>(),
        true);
  }

  // -- Who is offered what ----------------------------------------------------------------------

  private int offered(String resources, FrameworkInfo.Builder info) {
    scenario = new Scenario();
    return scenario.agent(0, resources).subscribe(info, "s").allocate().offers().size();
  }

  @Test
  @DisplayName(
      "CP-188, CP-189 a hundredth of a cpu or 32 MB is worth an offer, less of both is not")
  void shouldKnowWhatIsWorthIt() {
    assertThat(offered("cpus:0.009;mem:31", framework("f"))).isZero();
    assertThat(offered("cpus:0.01;mem:31", framework("f"))).isEqualTo(1);
    assertThat(offered("mem:32", framework("f"))).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-190 a framework may say for a role what is worth an offer")
  void shouldHeedOfferFilters() {
    OfferFilters.Builder least = OfferFilters.newBuilder();
    least
        .getMinAllocatableResourcesBuilder()
        .addQuantitiesBuilder()
        .putQuantities("disk", Value.Scalar.newBuilder().setValue(100).build());
    FrameworkInfo.Builder info = framework("f").putOfferFilters("*", least.build());
    assertThat(offered("cpus:4;mem:1024;disk:99", info)).isZero();
    assertThat(offered("disk:100", info)).isEqualTo(1);
    least.getMinAllocatableResourcesBuilder().clearQuantities();
    assertThat(offered("disk:1", framework("f").putOfferFilters("*", least.build()))).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-128 agents with GPUs go to who asks for GPUs")
  void shouldHeedCapabilities() {
    assertThat(offered("cpus:4;mem:64;gpus:1", framework("f"))).isZero();
    assertThat(
            offered(
                "cpus:4;mem:64;gpus:1",
                framework("f", FrameworkInfo.Capability.Type.GPU_RESOURCES)))
        .isEqualTo(1);
  }

  @Test
  @DisplayName("CP-127 revocable resources go to who asks for them")
  void shouldHeedRevocable() {
    Resource revocable =
        ResourceText.parse("cpus:2").get(0).toBuilder()
            .setRevocable(Resource.RevocableInfo.getDefaultInstance())
            .build();
    assertThat(withExtra(revocable, framework("f"))).isEqualTo(ResourceBags.of("cpus:1;mem:64"));
    assertThat(
            withExtra(revocable, framework("f", FrameworkInfo.Capability.Type.REVOCABLE_RESOURCES)))
        .isEqualTo(ResourceBags.of("cpus:1;mem:64", revocable));
  }

  @Test
  @DisplayName("CP-129 shared volumes go to who asks for them")
  void shouldHeedShared() {
    Resource shared =
        ResourceOperations.volume("v", 10).toBuilder()
            .setShared(Resource.SharedInfo.getDefaultInstance())
            .build();
    assertThat(withExtra(shared, framework("f").addRoles("dev")))
        .isEqualTo(ResourceBags.of("cpus:1;mem:64"));
    FrameworkInfo.Builder sharing =
        framework("f", FrameworkInfo.Capability.Type.SHARED_RESOURCES).clearRoles().addRoles("dev");
    assertThat(withExtra(shared, sharing)).isEqualTo(ResourceBags.of("cpus:1;mem:64", shared));
  }

  private io.quorate.protocol.resources.Resources withExtra(
      Resource extra, FrameworkInfo.Builder info) {
    scenario = new Scenario();
    AgentCall.Builder agent = AgentCalls.registration(0, "cpus:1;mem:64");
    agent.getSubscribeBuilder().getAgentInfoBuilder().addResources(extra);
    scenario.agentCall(agent, "link0").subscribe(info, "s").allocate();
    return scenario.offered(scenario.offers().get(0));
  }

  // -- Offer constraints ------------------------------------------------------------------------

  private static AttributeConstraint.Builder on(String attribute) {
    AttributeConstraint.Builder constraint = AttributeConstraint.newBuilder();
    constraint.getSelectorBuilder().setAttributeName(attribute);
    return constraint;
  }

  private static AttributeConstraint.Builder on(PseudoattributeType type) {
    AttributeConstraint.Builder constraint = AttributeConstraint.newBuilder();
    constraint.getSelectorBuilder().setPseudoattributeType(type);
    return constraint;
  }

  private static AttributeConstraint is(AttributeConstraint.Builder constraint, String text) {
    constraint.getPredicateBuilder().getTextEqualsBuilder().setValue(text);
    return constraint.build();
  }

  private static RoleConstraints.Group group(AttributeConstraint... all) {
    return RoleConstraints.Group.newBuilder()
        .addAllAttributeConstraints(java.util.List.of(all))
        .build();
  }

  /** Whether an agent in rack r1, zone z of region e, is offered. */
  private boolean wanted(RoleConstraints.Group... groups) {
    scenario = new Scenario();
    AgentCall.Builder agent = AgentCalls.registration(0, "cpus:1;mem:64");
    var info = agent.getSubscribeBuilder().getAgentInfoBuilder();
    info.addAttributes(
        Attribute.newBuilder()
            .setName("rack")
            .setType(Value.Type.TEXT)
            .setText(Value.Text.newBuilder().setValue("r1")));
    info.addAttributes(
        Attribute.newBuilder()
            .setName("slots")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue(3)));
    info.getDomainBuilder().getFaultDomainBuilder().getRegionBuilder().setName("e");
    info.getDomainBuilder().getFaultDomainBuilder().getZoneBuilder().setName("z");
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().setFrameworkInfo(framework("f"));
    call.getSubscribeBuilder()
        .getOfferConstraintsBuilder()
        .putRoleConstraints(
            "*", RoleConstraints.newBuilder().addAllGroups(java.util.List.of(groups)).build());
    scenario.agentCall(agent, "link0").schedulerCall(call, "s");
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.SUBSCRIBED);
    return !scenario.allocate().offers().isEmpty();
  }

  @Test
  @DisplayName("CP-191 agents by the text of an attribute; what is no text passes")
  void shouldMatchText() {
    assertThat(wanted(group(is(on("rack"), "r1")))).isTrue();
    assertThat(wanted(group(is(on("rack"), "r2")))).isFalse();
    assertThat(wanted(group(is(on("slots"), "x")))).isTrue();
    assertThat(wanted(group(is(on("none"), "x")))).isFalse();
    AttributeConstraint.Builder not = on("none");
    not.getPredicateBuilder().getTextNotEqualsBuilder().setValue("x");
    assertThat(wanted(group(not.build()))).isTrue();
    AttributeConstraint.Builder exists = on("none");
    exists.getPredicateBuilder().getExistsBuilder();
    assertThat(wanted(group(exists.build()))).isFalse();
    AttributeConstraint.Builder matches = on("rack");
    matches.getPredicateBuilder().getTextMatchesBuilder().setRegex("r[0-9]");
    assertThat(wanted(group(matches.build()))).isTrue();
  }

  @Test
  @DisplayName("CP-192 all of a group, and any group")
  void shouldCombine() {
    AttributeConstraint right = is(on("rack"), "r1");
    AttributeConstraint wrong = is(on("rack"), "r2");
    assertThat(wanted(group(right, wrong))).isFalse();
    assertThat(wanted(group(wrong), group(right))).isTrue();
  }

  @Test
  @DisplayName("CP-193 host name, region and zone")
  void shouldKnowPlaces() {
    assertThat(wanted(group(is(on(PseudoattributeType.HOSTNAME), "h0")))).isTrue();
    assertThat(wanted(group(is(on(PseudoattributeType.REGION), "e")))).isTrue();
    assertThat(wanted(group(is(on(PseudoattributeType.ZONE), "other")))).isFalse();
  }

  @Test
  @DisplayName("CP-194 a pattern that is too long, or none, fails the call")
  void shouldRefusePatterns() {
    for (String regex : new String[] {"a".repeat(300), "(", "(?=a)"}) {
      AttributeConstraint.Builder matches = on("rack");
      matches.getPredicateBuilder().getTextMatchesBuilder().setRegex(regex);
      Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
      call.getSubscribeBuilder().setFrameworkInfo(framework("f"));
      call.getSubscribeBuilder()
          .getOfferConstraintsBuilder()
          .putRoleConstraints(
              "*", RoleConstraints.newBuilder().addGroups(group(matches.build())).build());
      scenario.schedulerCall(call, "s");
      assertThat(scenario.toldTypes("s")).as(regex).containsExactly(Event.Type.ERROR);
    }
  }

  @Test
  @DisplayName(
      "CP-130, CP-352 agents of another region go to the region-aware only; offers name domains")
  void shouldHeedRegions() {
    for (boolean aware : new boolean[] {false, true}) {
      scenario = new Scenario();
      scenario.lead(2, "e");
      AgentCall.Builder far = AgentCalls.registration(0, "cpus:1;mem:64");
      AgentCall.Builder near = AgentCalls.registration(1, "cpus:1;mem:64");
      place(far, "w");
      place(near, "e");
      FrameworkInfo.Builder info = framework("f");
      if (aware) {
        info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.REGION_AWARE);
      }
      scenario.agentCall(far, "link0").agentCall(near, "link1").agent(2, "cpus:1;mem:64");
      scenario.subscribe(info, "s").allocate();
      assertThat(scenario.offers()).hasSize(aware ? 3 : 2);
      assertThat(scenario.told("s").get(0).getOffers().getOffersList())
          .extracting(
              offer ->
                  offer.hasDomain() ? offer.getDomain().getFaultDomain().getRegion().getName() : "")
          .containsExactlyInAnyOrderElementsOf(aware ? List.of("w", "e", "") : List.of("e", ""));
    }
  }

  private static void place(AgentCall.Builder agent, String region) {
    var domain =
        agent
            .getSubscribeBuilder()
            .getAgentInfoBuilder()
            .getDomainBuilder()
            .getFaultDomainBuilder();
    domain.getRegionBuilder().setName(region);
    domain.getZoneBuilder().setName("z");
  }

  @Test
  @DisplayName("CP-180 an offer of an agent that breaks off is rescinded")
  void shouldRescind() {
    scenario.agent(0, "cpus:1;mem:64").subscribe(framework("f"), "s").allocate().closeLink(0);
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    for (Offer offer : scenario.state().offers().values()) {
      assertThat(offer.agent()).isNotEqualTo(agentId(0));
    }
  }
}
