package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.id;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Frameworks, offers and agents come and go. */
class FrameworkRulesTest {
  private static final String AGENT = "cpus:4;mem:1024;ports:[31000-31009]";

  private static final FrameworkInfo.Capability.Type AWARE =
      FrameworkInfo.Capability.Type.PARTITION_AWARE;

  private static Scenario running() {
    Scenario scenario =
        new Scenario().agent(0, AGENT).subscribe(framework("web", AWARE), "s1").allocate();
    return scenario.launch(0, "s1", scenario.offers(), task("t1", 0, "cpus:1;mem:64"));
  }

  private static Task known(Scenario scenario, String id) {
    return scenario.state().tasks().get(new TaskKey(new FrameworkId(id(0)), id));
  }

  private static List<Command> commands(Scenario scenario) {
    List<Command> commands = new ArrayList<>();
    scenario.state().commandsAfter(agentId(0), 0).forEach(commands::add);
    return commands;
  }

  private static void acknowledge(Scenario scenario, String task, ByteString uuid) {
    Call.Builder call = from(0, Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setUuid(uuid);
    scenario.schedulerCall(call, "s1");
  }

  private static void decline(Scenario scenario, double seconds) {
    Call.Builder call = from(0, Call.Type.DECLINE);
    scenario
        .offers()
        .forEach(
            offer -> call.getDeclineBuilder().addOfferIds(OfferID.newBuilder().setValue(offer)));
    call.getDeclineBuilder().addOfferIds(OfferID.newBuilder().setValue("unknown"));
    call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(seconds);
    scenario.schedulerCall(call, "s1");
  }

  @Test
  @DisplayName("CP-076 CP-099 a new framework gets an id and SUBSCRIBED first")
  void shouldMintId() {
    Scenario scenario = new Scenario().subscribe(framework("web"), "s1");
    assertThat(scenario.toldTypes("s1")).containsExactly(Event.Type.SUBSCRIBED);
    assertThat(scenario.told("s1").get(0).getSubscribed().getFrameworkId().getValue())
        .isEqualTo("c-0000");
    scenario.subscribe(framework("other"), "s2");
    assertThat(scenario.told("s2").get(0).getSubscribed().getFrameworkId().getValue())
        .isEqualTo("c-0001");
  }

  @Test
  @DisplayName("CP-100 SUBSCRIBED says who the master is")
  void shouldSayWhoTheMasterIs() {
    // when
    Scenario scenario = new Scenario().subscribe(framework("web"), "s1");

    // then
    assertThat(scenario.told("s1").get(0).getSubscribed().hasMasterInfo()).isTrue();
  }

  @Test
  @DisplayName("CP-079 CP-106 an id that a client chose is never minted")
  void shouldNotMintUsedId() {
    FrameworkInfo.Builder own = framework("own").setId(FrameworkID.newBuilder().setValue(id(0)));
    Scenario scenario = new Scenario().subscribe(own, "s1").subscribe(framework("new"), "s2");
    assertThat(scenario.told("s2").get(0).getSubscribed().getFrameworkId().getValue())
        .isEqualTo(id(1));
  }

  @Test
  @DisplayName("CP-102 CP-103 another scheduler takes over; the older one is told and closed")
  void shouldFailOverScheduler() {
    Scenario scenario = new Scenario().subscribe(framework("web"), "s1");
    scenario.subscribe(framework("web").setId(FrameworkID.newBuilder().setValue(id(0))), "s2");
    assertThat(scenario.told("s1").get(0).getError().getMessage())
        .isEqualTo("Framework failed over");
    assertThat(scenario.ended("s1")).isTrue();
    assertThat(scenario.toldTypes("s2")).containsExactly(Event.Type.SUBSCRIBED);
    scenario.schedulerCall(from(0, Call.Type.REVIVE), "s1");
    assertThat(scenario.refusal().status()).isEqualTo(400);
    assertThat(scenario.refusal().message()).contains("The stream ID 's1' included");
  }

  @Test
  @DisplayName("CP-105 what the older scheduler was offered is void")
  void shouldVoidOffersOfTheOlderScheduler() {
    // given
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    assertThat(scenario.offers()).hasSize(1);

    // when
    scenario.subscribe(framework("web").setId(FrameworkID.newBuilder().setValue(id(0))), "s2");

    // then
    assertThat(scenario.offers()).isEmpty();
    assertThat(scenario.toldTypes("s2")).containsExactly(Event.Type.SUBSCRIBED);
  }

  @Test
  @DisplayName("CP-035 CP-054 an unknown framework is answered 400, and so is no stream id")
  void shouldGateCalls() {
    Scenario scenario = new Scenario().subscribe(framework("web"), "s1");
    assertThat(scenario.schedulerCall(from(7, Call.Type.REVIVE), "s1").refusal())
        .isEqualTo(Refusal.badRequest("Framework cannot be found"));
    assertThat(scenario.schedulerCall(from(0, Call.Type.REVIVE), null).refusal().message())
        .contains("'Mesos-Stream-Id'");
  }

  @Test
  @DisplayName("CP-036 a framework without a stream is answered 403")
  void shouldForbidCallsWithoutStream() {
    // given
    Scenario scenario = new Scenario().subscribe(framework("web"), "s1");

    // when
    scenario.breakStream(0, "s1");

    // then
    assertThat(scenario.schedulerCall(from(0, Call.Type.REVIVE), "s1").refusal())
        .isEqualTo(Refusal.forbidden("Framework is not subscribed"));
  }

  @Test
  @DisplayName("CP-107 a broken stream returns the offers")
  void shouldReturnOffersOfABrokenStream() {
    // given
    Scenario scenario = running().after(6).timers().allocate();
    assertThat(scenario.offers()).hasSize(1);

    // when
    scenario.breakStream(0, "s1");

    // then
    assertThat(scenario.offers()).isEmpty();
  }

  @Test
  @DisplayName("CP-109 a framework that is back within its time-out has all its tasks")
  void shouldKeepTasksWithinTimeout() {
    // given
    Scenario scenario = running();
    scenario.breakStream(0, "s1");
    scenario.after(99).timers();

    // when
    scenario.subscribe(framework("web").setId(FrameworkID.newBuilder().setValue(id(0))), "s2");
    scenario.after(99).timers();

    // then
    assertThat(scenario.state().frameworks().size()).isEqualTo(1);
    assertThat(known(scenario, "t1").holding()).isTrue();
  }

  @Test
  @DisplayName("CP-110 CP-116 the time-out removes, and the id cannot be used again")
  void shouldRemoveAfterTimeout() {
    Scenario scenario = running();
    scenario.breakStream(0, "s1");
    scenario.after(99).timers();
    assertThat(scenario.state().frameworks().size()).isEqualTo(1);
    scenario.after(2).timers();
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
    assertThat(scenario.state().removed(new FrameworkId(id(0)))).isTrue();
    assertThat(frameworksKept(1)).containsExactly(false, true);
    assertThat(frameworksKept(2)).containsExactly(true, true);
    scenario.subscribe(framework("web").setId(FrameworkID.newBuilder().setValue(id(0))), "s2");
    assertThat(scenario.told("s2").get(0).getError().getMessage())
        .isEqualTo("Framework has been removed");
    assertThat(scenario.ended("s2")).isTrue();
  }

  /** Of two that are over, whether they are still known (CP-117). */
  private static List<Boolean> frameworksKept(int max) {
    Scenario two = new Scenario(Policy.DEFAULT.withCompletedFrameworksMax(max));
    for (int i = 0; i < 2; i++) {
      two.subscribe(framework("f"), "s" + i).schedulerCall(from(i, Call.Type.TEARDOWN), "s" + i);
    }
    return List.of(
        two.state().removed(new FrameworkId(id(0))), two.state().removed(new FrameworkId(id(1))));
  }

  @Test
  @DisplayName("CP-108 a time-out of 0 removes at once")
  void shouldRemoveAtOnce() {
    Scenario scenario = new Scenario().subscribe(framework("web").setFailoverTimeout(0), "s1");
    scenario.breakStream(0, "s1");
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-114 CP-115 TEARDOWN ends the tasks without a word")
  void shouldTearDown() {
    Scenario scenario = running().schedulerCall(from(0, Call.Type.TEARDOWN), "s1");
    assertThat(scenario.statuses("s1")).isEmpty();
    assertThat(scenario.ended("s1")).isTrue();
    List<Command> commands = commands(scenario);
    assertThat(commands.get(commands.size() - 1).hasShutdownFramework()).isTrue();
    Task task = scenario.completedTasks(0).get(0);
    assertThat(task.state()).isEqualTo(TaskState.TASK_KILLED);
    assertThat(task.lastStatus().getReason()).isEqualTo(TaskStatus.Reason.REASON_FRAMEWORK_REMOVED);
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-113 a framework that was torn down is listed as completed")
  void shouldListTornDown() {
    // when
    Scenario scenario = running().schedulerCall(from(0, Call.Type.TEARDOWN), "s1");

    // then
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
    assertThat(scenario.state().removed(new FrameworkId(id(0)))).isTrue();
  }

  @Test
  @DisplayName("CP-146 CP-185 DECLINE filters, REVIVE clears, 0 s is no filter")
  void shouldFilter() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    decline(scenario, 100);
    scenario.allocate();
    assertThat(scenario.offers()).isEmpty();
    scenario.schedulerCall(from(0, Call.Type.REVIVE), "s1").allocate();
    assertThat(scenario.offers()).hasSize(1);
    decline(scenario, 0);
    scenario.allocate();
    assertThat(scenario.offers()).hasSize(1);
  }

  @Test
  @DisplayName("CP-148 CP-149 SUPPRESS stops offers and leaves those that are out")
  void shouldSuppress() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    Call.Builder wrong = from(0, Call.Type.SUPPRESS);
    wrong.getSuppressBuilder().addRoles("*").addRoles("stranger");
    assertThat(scenario.schedulerCall(wrong, "s1").events()).isZero();
    scenario.schedulerCall(from(0, Call.Type.SUPPRESS), "s1");
    assertThat(scenario.offers()).hasSize(1);
    decline(scenario, 0);
    scenario.allocate();
    assertThat(scenario.offers()).isEmpty();
  }

  @Test
  @DisplayName("CP-111 CP-250 a new leader knows all; offers out stay valid and are sent again")
  void shouldSurviveLeaderChange() {
    Scenario scenario = running().after(6).timers().allocate();
    List<String> offers = scenario.offers();
    scenario.lead(2);
    assertThat(scenario.schedulerCall(from(0, Call.Type.REVIVE), "s1").refusal().status())
        .isEqualTo(403);
    scenario.subscribe(
        framework("web", AWARE).setId(FrameworkID.newBuilder().setValue(id(0))), "s2");
    assertThat(scenario.toldTypes("s2")).containsExactly(Event.Type.SUBSCRIBED, Event.Type.OFFERS);
    assertThat(scenario.told("s2").get(1).getOffers().getOffers(0).getId().getValue())
        .isEqualTo(offers.get(0));
    scenario.launch(0, "s2", offers, task("t2", 0, "cpus:1"));
    assertThat(scenario.statuses("s2")).isEmpty();
    assertThat(commands(scenario)).hasSize(2);
  }

  @Test
  @DisplayName("a framework with a short time-out gets the grace when the leader changed")
  void shouldGrantGrace() {
    Scenario scenario =
        new Scenario().subscribe(framework("web").setFailoverTimeout(1), "s1").lead(2);
    scenario.after(59).timers();
    assertThat(scenario.state().frameworks().size()).isEqualTo(1);
    scenario.after(2).timers();
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-180 CP-279 an agent whose link breaks is not offered; its offers are rescinded")
  void shouldRescindOnDisconnect() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    scenario.call(
        io.quorate.master.event.Call.newBuilder()
            .setCloseLink(
                io.quorate.master.event.CloseLink.newBuilder()
                    .setAgentId(agentId(0).value())
                    .setLinkId("link0")));
    assertThat(scenario.toldTypes("s1")).containsExactly(Event.Type.RESCIND);
    scenario.allocate();
    assertThat(scenario.offers()).isEmpty();
    scenario.agent(0, AGENT).allocate();
    assertThat(scenario.offers()).hasSize(1);
    assertThat(scenario.state().agents().size()).as("the same agent").isEqualTo(1);
  }

  @Test
  @DisplayName("CP-126 CP-246 a task on an unreachable agent is told as such, and since when")
  void shouldTellUnreachableTasks() {
    // when
    Scenario scenario = unreachable();

    // then
    assertThat(scenario.statuses("s1").get(0).getState()).isEqualTo(TaskState.TASK_UNREACHABLE);
    assertThat(scenario.statuses("s1").get(0).hasUnreachableTime()).isTrue();
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-172 every framework is told that an agent is gone")
  void shouldTellThatAnAgentIsGone() {
    // when
    Scenario scenario = unreachable();

    // then
    assertThat(scenario.toldTypes("s1")).contains(Event.Type.FAILURE);
  }

  /** One whose agent was given up, with a task that ran on it. */
  private static Scenario unreachable() {
    Scenario scenario = running();
    ByteString uuid = scenario.update(0, id(0), "t1", TaskState.TASK_RUNNING);
    acknowledge(scenario, "t1", uuid);
    return scenario.call(
        io.quorate.master.event.Call.newBuilder()
            .setMarkUnreachable(
                io.quorate.master.event.MarkUnreachable.newBuilder()
                    .setAgentId(agentId(0).value())));
  }

  @Test
  @DisplayName("CP-270 an agent that was unreachable comes back with its tasks")
  void shouldFindAgentAgain() {
    // given
    Scenario scenario = unreachable();

    // when
    AgentCall.Builder back =
        AgentCall.newBuilder()
            .setType(AgentCall.Type.SUBSCRIBE)
            .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
            .setCommandsDone(2);
    back.getSubscribeBuilder()
        .setAgentInfo(scenario.state().agents().get(agentId(0)).info())
        .setVersion("1.11.0")
        .setRegistrationId("r0")
        .addTasksBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(id(0)))
        .setTaskId(TaskID.newBuilder().setValue("t1"))
        .setState(TaskState.TASK_RUNNING);
    scenario.agentCall(back, "link0b");

    // then
    assertThat(scenario.statuses("s1").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_AGENT_REREGISTERED);
    assertThat(known(scenario, "t1").holding()).isTrue();
    assertThat(commands(scenario)).as("done commands are forgotten").isEmpty();
  }

  @Test
  @DisplayName("CP-269 a task that the agent lacks is dropped, but one still on its way is not")
  void shouldCompareTasks() {
    Scenario scenario = running();
    AgentCall.Builder ignorant =
        AgentCall.newBuilder()
            .setType(AgentCall.Type.SUBSCRIBE)
            .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    ignorant
        .getSubscribeBuilder()
        .setAgentInfo(scenario.state().agents().get(agentId(0)).info())
        .setVersion("1.11.0")
        .setRegistrationId("r0");
    scenario.agentCall(ignorant, "link0b");
    assertThat(scenario.statuses("s1")).as("command 1 was not done yet").isEmpty();
    scenario.agentCall(ignorant.setCommandsDone(1), "link0c");
    assertThat(scenario.statuses("s1").get(0).getState()).isEqualTo(TaskState.TASK_DROPPED);
    assertThat(scenario.statuses("s1").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
    assertThat(scenario.agentCall(ignorant.setCommandsDone(0), "link0d").refusal().status())
        .as("an agent that lost its checkpoints is refused")
        .isEqualTo(409);
  }

  @Test
  @DisplayName("CP-131 CP-178 an offer says its role on each resource, and what the agent is")
  void shouldWriteOffers() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    var offer = scenario.told("s1").get(0).getOffers().getOffers(0);
    assertThat(offer.getAllocationInfo().getRole()).isEqualTo("*");
    assertThat(offer.getResourcesList())
        .allMatch(resource -> resource.getAllocationInfo().getRole().equals("*"))
        .allMatch(resource -> resource.hasRole());
    assertThat(offer.getHostname()).isEqualTo("h0");
    assertThat(offer.getUrl().getPath()).isEqualTo("/slave(1)");
  }

  @Test
  @DisplayName("CP-177 an offer is of one agent, to one framework, for one role")
  void shouldOfferAgentsApart() {
    // when
    Scenario scenario =
        new Scenario().agent(0, AGENT).agent(1, AGENT).subscribe(framework("web"), "s1").allocate();

    // then
    var offers = scenario.told("s1").get(0).getOffers().getOffersList();
    assertThat(offers)
        .extracting(offer -> offer.getAgentId().getValue())
        .containsExactlyInAnyOrder(agentId(0).value(), agentId(1).value());
    assertThat(offers)
        .allMatch(offer -> offer.getFrameworkId().getValue().equals(id(0)))
        .allMatch(offer -> offer.getAllocationInfo().getRole().equals("*"));
  }

  @Test
  @DisplayName("CP-132 an offer to a framework of one role does not say so on each resource")
  void shouldWriteOffersToOneRole() {
    // given
    Scenario scenario = new Scenario().agent(0, AGENT);

    // when
    FrameworkInfo.Builder plain = FrameworkInfo.newBuilder().setUser("u").setName("old");
    scenario.subscribe(plain, "s2").allocate();

    // then
    var old = scenario.told("s2").get(0).getOffers().getOffers(0);
    assertThat(old.hasAllocationInfo()).isFalse();
    assertThat(old.getResourcesList()).noneMatch(resource -> resource.hasAllocationInfo());
  }
}
