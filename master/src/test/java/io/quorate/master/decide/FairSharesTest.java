package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.id;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.policy.DominantResourceFairness;
import io.quorate.master.allocator.policy.StrictPriority;
import io.quorate.master.allocator.policy.WeightedRandom;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.state.id.FrameworkId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is offered what first (Mesos 5.2; Ghodsi et al., NSDI 2011, sections 4.1 and 4.3). */
class FairSharesTest {
  private static final int A = 0;
  private static final int B = 1;

  private Scenario scenario = new Scenario();

  private Demands on(String agent) {
    scenario.agent(0, agent);
    return new Demands(scenario);
  }

  @Test
  @DisplayName(
      "CP-361 9 cpus and 18 GB, <1,4> and <3,1>: the paper's steps, 3 and 2 tasks, 2/3 each")
  void shouldFollowThePaper() {
    Demands demands =
        on("cpus:9;mem:18432").wants("a", "cpus:1;mem:4096").wants("b", "cpus:3;mem:1024").fill();
    // The paper begins with B; by name it is A's turn. From there on it is one order.
    assertThat(demands.picks).containsExactly(A, B, A, B, A);
    assertThat(demands.running()).containsExactly(3, 2);
    assertThat(share(A, "mem")).isEqualTo(2.0 / 3);
    assertThat(share(B, "cpus")).isEqualTo(2.0 / 3);
  }

  private double share(int framework, String name) {
    var roles = scenario.state().frameworks().get(new FrameworkId(id(framework))).allocated();
    double total = scenario.state().agents().get(Scenario.agentId(0)).total().scalarMillis(name);
    return roles.values().iterator().next().millis(name) / total;
  }

  @Test
  @DisplayName("CP-360, CP-363 the same under weights 2:1, 1:2 and 3:1")
  void shouldWeigh() {
    assertThat(weighed(2, 1)).containsExactly(3, 2);
    assertThat(weighed(1, 2)).containsExactly(3, 2);
    assertThat(weighed(3, 1)).containsExactly(4, 1);
  }

  private List<Integer> weighed(double a, double b) {
    scenario = new Scenario();
    return on("cpus:9;mem:18432")
        .weighs("a", a)
        .weighs("b", b)
        .wants("a", "cpus:1;mem:4096")
        .wants("b", "cpus:3;mem:1024")
        .fill()
        .running();
  }

  @Test
  @DisplayName("CP-362 <21,21> with <3,2> and <4,1>, <30,30> with <1,3> and <1,1>, in one role")
  void shouldBeFairInARole() {
    assertThat(
            on("cpus:21;mem:21504")
                .wants("r", "cpus:3;mem:2048")
                .wants("r", "cpus:4;mem:1024")
                .fill()
                .running())
        .containsExactly(3, 3);
    scenario = new Scenario();
    assertThat(
            on("cpus:30;mem:30720")
                .wants("r", "cpus:1;mem:3072")
                .wants("r", "cpus:1;mem:1024")
                .fill()
                .running())
        .containsExactly(5, 15);
  }

  @Test
  @DisplayName("CP-363 weights 2, 10 and 0.1 part a resource that all want")
  void shouldPartByWeight() {
    Demands demands =
        on("cpus:121;mem:121000")
            .weighs("a", 2)
            .weighs("b", 10)
            .weighs("c", 0.1)
            .wants("a", "cpus:1;mem:32")
            .wants("b", "cpus:1;mem:32")
            .wants("c", "cpus:1;mem:32")
            .fill();
    assertThat(demands.running()).containsExactly(20, 100, 1);
  }

  @Test
  @DisplayName("CP-364 weights act among siblings: two sub-roles share what their parent gets")
  void shouldShareInTheTree() {
    Demands demands =
        on("cpus:40;mem:40000")
            .weighs("p/x", 3)
            .wants("p/x", "cpus:1;mem:32")
            .wants("p/y", "cpus:1;mem:32")
            .wants("q", "cpus:1;mem:32")
            .fill();
    assertThat(demands.running()).containsExactly(15, 5, 20);
  }

  @Test
  @DisplayName("CP-364 the frameworks of a role compete with its sub-roles as one of them")
  void shouldCompeteWithSubRoles() {
    Demands demands =
        on("cpus:40;mem:40000")
            .wants("p", "cpus:1;mem:32")
            .wants("p", "cpus:1;mem:32")
            .wants("p/x", "cpus:1;mem:32")
            .fill();
    assertThat(demands.running()).containsExactly(10, 10, 20);
  }

  @Test
  @DisplayName("CP-365 among equals: fewer offers so far, then the name")
  void shouldBreakTies() {
    scenario.agent(0, "cpus:1;mem:64");
    for (int i = 0; i < 3; i++) {
      scenario.subscribe(framework("f").clearRoles().addRoles("r"), "s" + i);
    }
    for (int turn : new int[] {0, 1, 2, 0, 1, 2}) {
      scenario.allocate();
      assertThat(scenario.state().offersTo(new FrameworkId(id(turn)))).hasSize(1);
      scenario.accept(turn, "s" + turn).after(6);
    }
  }

  @Test
  @DisplayName("shares count what is used, not only what is offered")
  void shouldCountUse() {
    scenario.agent(0, "cpus:1;mem:64").agent(1, "cpus:1;mem:64");
    scenario.subscribe(framework("f").clearRoles().addRoles("a"), "a").allocate();
    String offer = scenario.offers().get(0);
    int agent =
        scenario
                .state()
                .offers()
                .get(new io.quorate.master.state.id.OfferId(offer))
                .agent()
                .equals(Scenario.agentId(0))
            ? 0
            : 1;
    scenario.launch(0, "a", List.of(offer), task("t", agent, "cpus:1;mem:64"));
    scenario.breakStream(0, "a").subscribe(framework("g").clearRoles().addRoles("b"), "b");
    scenario.subscribeAgain().allocate();
    assertThat(scenario.state().offersTo(new FrameworkId(id(1)))).hasSize(1);
    assertThat(scenario.state().offersTo(new FrameworkId(id(0)))).isEmpty();
  }

  // -- Other policies ---------------------------------------------------------------------------

  @Test
  @DisplayName("strict priority: the greatest weight first, whatever it holds")
  void shouldGoByPriority() {
    scenario = sorted(new StrictPriority());
    Demands demands =
        on("cpus:10;mem:10000")
            .weighs("low", 1)
            .weighs("high", 2)
            .wants("low", "cpus:1;mem:32")
            .wants("high", "cpus:2;mem:32")
            .fill();
    assertThat(demands.running()).containsExactly(0, 5);
  }

  @Test
  @DisplayName("CP-366 the random order is in proportion to weights, and repeatable")
  void shouldGoByChance() {
    List<Integer> running = drawn();
    assertThat(drawn()).isEqualTo(running);
    // 300 draws of chance 1/4 and 3/4: beyond 5 deviations (37.5), once in two million seeds.
    assertThat(running.get(0)).isBetween(38, 112);
    assertThat(running.get(0) + running.get(1)).isEqualTo(300);
  }

  private List<Integer> drawn() {
    scenario = sorted(new WeightedRandom());
    return on("cpus:300;mem:30000")
        .weighs("b", 3)
        .wants("a", "cpus:1;mem:32")
        .wants("b", "cpus:1;mem:32")
        .fill()
        .running();
  }

  private static Scenario sorted(io.quorate.master.allocator.policy.AllocationPolicy roles) {
    AllocatorSettings usual = AllocatorSettings.DEFAULT;
    return new Scenario(
        Policy.DEFAULT,
        new AllocatorSettings(
            roles,
            new DominantResourceFairness(),
            usual.worth(),
            usual.excluded(),
            usual.whitelist()));
  }

  @Test
  @DisplayName("CP-359 only agents on the whitelist are offered, and a resource may be left out")
  void shouldKeepToTheWhitelist() {
    AllocatorSettings usual = AllocatorSettings.DEFAULT;
    Set<String> list = new HashSet<>();
    scenario =
        new Scenario(
            Policy.DEFAULT,
            new AllocatorSettings(
                usual.roles(),
                usual.frameworks(),
                usual.worth(),
                Set.of("cpus"),
                () -> Optional.of(Set.copyOf(list))));
    scenario.agent(0, "cpus:10;mem:10000").subscribe(framework("f"), "s").allocate();
    assertThat(scenario.offers()).isEmpty();
    list.add(scenario.state().agents().get(Scenario.agentId(0)).info().getHostname());
    scenario.allocate();
    assertThat(scenario.offers()).hasSize(1);
    scenario = new Scenario(Policy.DEFAULT, excludingCpus());
    Demands demands =
        on("cpus:10;mem:10000").wants("a", "cpus:4;mem:100").wants("b", "cpus:1;mem:100").fill();
    // By memory alone they take turns; by cpus the second would have had four before.
    assertThat(demands.picks).startsWith(0, 1, 0, 1);
  }

  private static AllocatorSettings excludingCpus() {
    AllocatorSettings usual = AllocatorSettings.DEFAULT;
    return new AllocatorSettings(
        usual.roles(), usual.frameworks(), usual.worth(), Set.of("cpus"), usual.whitelist());
  }
}
