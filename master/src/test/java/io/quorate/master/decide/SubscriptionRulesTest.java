package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.decide.draft.Policy;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SubscriptionRulesTest {
  private final Scenario scenario = new Scenario();

  private void refused(FrameworkInfo.Builder info, String why) {
    scenario.subscribe(info, "s");
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.ERROR);
    assertThat(scenario.told("s").get(0).getError().getMessage()).contains(why);
    assertThat(scenario.ended("s")).isTrue();
  }

  @Test
  @DisplayName("CP-083, CP-084 role and roles, each for its kind of framework")
  void shouldCheckRoleFields() {
    refused(framework("f").setRole("a"), "'FrameworkInfo.role' must not be set");
    refused(framework("f").clearCapabilities(), "'FrameworkInfo.roles' must not be set");
  }

  @Test
  @DisplayName("CP-085 the same role twice is refused")
  void shouldRefuseTheSameRoleTwice() {
    refused(framework("f").addRoles("*"), "duplicate");
  }

  @Test
  @DisplayName("CP-086 with a list of roles by flag, others are refused; * never is")
  void shouldKeepToTheWhitelist() {
    Policy usual = Policy.DEFAULT;
    Scenario strict =
        new Scenario(
            new Policy(
                Optional.empty(),
                usual.turnMemoryNanos(),
                usual.frameworkGraceNanos(),
                usual.timersPerCallMax(),
                usual.forgetAgentNanos(),
                new TreeSet<>(List.of("dev")),
                false));
    strict.subscribe(framework("f").addRoles("ops"), "s");
    assertThat(strict.told("s").get(0).getError().getMessage()).contains("{ ops }");
    strict.subscribe(framework("f").setUser("root"), "r");
    assertThat(strict.told("r").get(0).getError().getMessage()).contains("root");
    strict.subscribe(framework("f").setUser(""), "e");
    assertThat(strict.told("e").get(0).getError().getMessage()).contains("FrameworkInfo.user");
    strict.subscribe(framework("f").addRoles("dev"), "t");
    assertThat(strict.toldTypes("t")).containsExactly(Event.Type.SUBSCRIBED);
  }

  @Test
  @DisplayName("CP-120 a fail-over time-out beyond 64-bit nanoseconds is refused")
  void shouldCheckTimeouts() {
    refused(framework("f").setFailoverTimeout(1e10), "failover_timeout");
    refused(framework("f").setFailoverTimeout(Double.NaN), "failover_timeout");
    scenario.subscribe(framework("f").setFailoverTimeout(-1), "t");
    assertThat(scenario.toldTypes("t")).containsExactly(Event.Type.SUBSCRIBED);
  }

  @Test
  @DisplayName("CP-121, CP-122 on re-subscription the principal must be the same, user stays")
  void shouldKeepIdentity() {
    scenario.subscribe(framework("f").setPrincipal("p").setCheckpoint(true), "s");
    FrameworkID id = FrameworkID.newBuilder().setValue(Scenario.id(0)).build();
    refused(framework("f").setPrincipal("q").setId(id), "principal");
    scenario.subscribe(
        framework("f").setPrincipal("p").setId(id).setUser("other").setCheckpoint(false), "t");
    FrameworkInfo now = scenario.state().frameworks().get(new FrameworkId(id.getValue())).info();
    assertThat(now.getUser()).isEqualTo("u");
    assertThat(now.getCheckpoint()).isTrue();
  }

  @Test
  @DisplayName("CP-134 a capability of the future keeps nobody out")
  void shouldPassOverUnknownCapabilities() {
    FrameworkInfo.Builder info = framework("f");
    info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.UNKNOWN);
    info.addCapabilitiesBuilder();
    scenario.subscribe(info, "s");
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.SUBSCRIBED);
  }
}
