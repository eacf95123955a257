package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.AttributeConstraint;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpdateFrameworkRulesTest {
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void twoRoles() {
    scenario
        .agent(0, "cpus:4;mem:1024")
        .subscribe(framework("f").clearRoles().addRoles("a").addRoles("b"), "s")
        .allocate();
  }

  private Framework framework0() {
    return scenario.state().frameworks().get(new FrameworkId(Scenario.id(0)));
  }

  private FrameworkInfo.Builder info() {
    return framework0().info().toBuilder();
  }

  private Call.Builder update(FrameworkInfo.Builder info) {
    Call.Builder call = from(0, Call.Type.UPDATE_FRAMEWORK);
    call.getUpdateFrameworkBuilder().setFrameworkInfo(info);
    return call;
  }

  @Test
  @DisplayName("CP-165, CP-167 the new description counts; offers of roles it left are rescinded")
  void shouldUpdate() {
    assertThat(scenario.offers()).hasSize(1);
    scenario.schedulerCall(update(info().clearRoles().addRoles("b").setName("g")), "s");
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    assertThat(framework0().info().getName()).isEqualTo("g");
    assertThat(framework0().roles()).containsExactly("b");
  }

  @Test
  @DisplayName("CP-166 principal, user and checkpoint cannot change")
  void shouldKeepIdentity() {
    Framework before = framework0();
    for (FrameworkInfo.Builder info :
        new FrameworkInfo.Builder[] {
          info().setPrincipal("x"), info().setUser("x"), info().setCheckpoint(true)
        }) {
      scenario.schedulerCall(update(info), "s");
      assertThat(scenario.refusal().status()).isEqualTo(400);
      assertThat(scenario.refusal().message()).contains("is unsupported");
    }
    assertThat(framework0()).isEqualTo(before);
  }

  @Test
  @DisplayName("CP-168, CP-169 suppressed roles are replaced, their offers stay valid")
  void shouldReplaceSuppressed() {
    Call.Builder call = update(info());
    call.getUpdateFrameworkBuilder().addSuppressedRoles("a").addSuppressedRoles("b");
    scenario.schedulerCall(call, "s");
    assertThat(scenario.told("s")).isEmpty();
    assertThat(scenario.offers()).hasSize(1);
    assertThat(framework0().suppressedRoles()).containsExactly("a", "b");
    scenario.schedulerCall(update(info()), "s");
    assertThat(framework0().suppressedRoles()).isEmpty();
  }

  @Test
  @DisplayName("Agents that run something of it are told, and only if the description changed")
  void shouldTellAgents() {
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
    scenario.schedulerCall(update(info()), "s");
    assertThat(scenario.commands(0)).noneMatch(Command::hasUpdateFramework);
    scenario.schedulerCall(update(info().setName("g")), "s");
    assertThat(scenario.commands(0)).anyMatch(Command::hasUpdateFramework);
  }

  @Test
  @DisplayName("What is invalid at SUBSCRIBE is answered 400 here (Mesos 3.3)")
  void shouldValidate() {
    scenario.schedulerCall(update(info().addRoles("a")), "s");
    assertThat(scenario.refusal().message()).contains("duplicate");
    Call.Builder suppressed = update(info());
    suppressed.getUpdateFrameworkBuilder().addSuppressedRoles("other");
    scenario.schedulerCall(suppressed, "s");
    assertThat(scenario.refusal().message()).contains("Suppressed roles { other }");
  }

  @Test
  @DisplayName("Offer constraints: known role, no empty group, a predicate (Mesos 3.5)")
  void shouldValidateConstraints() {
    refusedConstraints(call -> group(call, "other", constraint("rack")), "does not have this role");
    refusedConstraints(
        call ->
            call.getUpdateFrameworkBuilder()
                .getOfferConstraintsBuilder()
                .putRoleConstraints(
                    "a",
                    io.quorate.protocol.v1.scheduler.OfferConstraints.RoleConstraints
                        .getDefaultInstance()),
        "'groups' is empty");
    AttributeConstraint.Builder without =
        constraint("rack").setPredicate(AttributeConstraint.Predicate.getDefaultInstance());
    refusedConstraints(call -> group(call, "a", without), "'predicate'");
    Call.Builder right = update(info());
    group(right, "a", constraint("rack"));
    scenario.schedulerCall(right, "s");
    assertThat(framework0().constraints().getRoleConstraintsMap()).containsKey("a");
  }

  private static AttributeConstraint.Builder constraint(String attribute) {
    AttributeConstraint.Builder constraint = AttributeConstraint.newBuilder();
    constraint.getSelectorBuilder().setAttributeName(attribute);
    constraint.getPredicateBuilder().getExistsBuilder();
    return constraint;
  }

  private static void group(Call.Builder call, String role, AttributeConstraint.Builder one) {
    var constraints =
        io.quorate.protocol.v1.scheduler.OfferConstraints.RoleConstraints.newBuilder();
    constraints.addGroupsBuilder().addAttributeConstraints(one);
    call.getUpdateFrameworkBuilder()
        .getOfferConstraintsBuilder()
        .putRoleConstraints(role, constraints.build());
  }

  private void refusedConstraints(java.util.function.Consumer<Call.Builder> how, String why) {
    Call.Builder call = update(info());
    how.accept(call);
    scenario.schedulerCall(call, "s");
    assertThat(scenario.refusal().message()).contains(why);
  }
}
