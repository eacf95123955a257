package io.quorate.master.decide;

import static io.quorate.master.decide.AgentCalls.report;
import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.decide.draft.Policy;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.DrainState;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AgentRulesTest {
  private static final String AGENT = "cpus:4;mem:1024";
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void awareAndUnaware() {
    scenario
        .agent(0, AGENT)
        .subscribe(
            framework("f", FrameworkInfo.Capability.Type.PARTITION_AWARE).setCheckpoint(true), "s")
        .allocate();
  }

  private Scenario running(String task) {
    scenario.launch(0, "s", scenario.offers(), task(task, 0, "cpus:1"));
    return acknowledged(task, TaskState.TASK_RUNNING);
  }

  private Scenario acknowledged(String task, TaskState state) {
    ByteString uuid = scenario.update(0, Scenario.id(0), task, state);
    var call = from(0, io.quorate.protocol.v1.scheduler.Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setUuid(uuid);
    return scenario.schedulerCall(call, "s");
  }

  private static Call.Builder drain(boolean markGone) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.DRAIN_AGENT);
    call.getDrainAgentBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setMarkGone(markGone)
        .getMaxGracePeriodBuilder()
        .setSeconds(7);
    return call;
  }

  private static Call.Builder gone() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.MARK_AGENT_GONE);
    call.getMarkAgentGoneBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    return call;
  }

  private static Call.Builder deactivate() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.DEACTIVATE_AGENT);
    call.getDeactivateAgentBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    return call;
  }

  private static Call.Builder reactivate() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.REACTIVATE_AGENT);
    call.getReactivateAgentBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    return call;
  }

  @Test
  @DisplayName(
      "CP-285, CP-286 a deactivated agent gets no offers, whatever befalls it; tasks go on")
  void shouldDeactivate() {
    running("t").after(10).timers().allocate().operator(deactivate());
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    scenario.lead(2).reconnect(0, AGENT, report(0, "t", TaskState.TASK_RUNNING));
    scenario.subscribeAgain().after(10).timers().allocate();
    assertThat(scenario.offers()).isEmpty();
    assertThat(scenario.state().tasks().size()).isEqualTo(1);

    scenario.operator(reactivate()).allocate();
    assertThat(scenario.offers()).hasSize(1);
    scenario.operator(reactivate());
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("CP-288, CP-291 a drain is done when every end is acknowledged")
  void shouldDrain() {
    running("t").operator(drain(false));
    Command.Drain command = last().getDrain();
    assertThat(command.getConfig().getMaxGracePeriod().getNanoseconds()).isEqualTo(7_000_000_000L);
    scenario.operator(reactivate());
    assertThat(scenario.refusal().message()).contains("still draining");

    scenario.update(0, Scenario.id(0), "t", TaskState.TASK_KILLED);
    assertThat(drainState()).isEqualTo(DrainState.DRAINING);
    acknowledgePending();
    assertThat(drainState()).isEqualTo(DrainState.DRAINED);
    scenario.allocate();
    assertThat(scenario.offers()).isEmpty();

    scenario.operator(reactivate()).after(10).timers().allocate();
    assertThat(scenario.offers()).hasSize(1);
    assertThat(last().hasReactivate()).isTrue();
  }

  private Command last() {
    return scenario.commands(0).get(scenario.commands(0).size() - 1);
  }

  private void acknowledgePending() {
    var task = scenario.state().tasks().values().iterator().next();
    var call = from(0, io.quorate.protocol.v1.scheduler.Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue(task.key().taskId()))
        .setUuid(task.pending().getUuid());
    scenario.schedulerCall(call, "s");
  }

  private DrainState drainState() {
    return scenario.state().agents().get(agentId(0)).service().drain().orElseThrow().getState();
  }

  @Test
  @DisplayName("CP-289 a drain with mark_gone ends with the agent gone; it is told so")
  void shouldDrainAway() {
    running("t").operator(drain(true));
    acknowledged("t", TaskState.TASK_GONE_BY_OPERATOR);
    assertThat(scenario.state().agents().has(agentId(0))).isFalse();
    assertThat(scenario.state().goneAgents().has(agentId(0))).isTrue();
    scenario.reconnect(0, AGENT);
    assertThat(scenario.refusal().status()).isEqualTo(410);
  }

  @Test
  @DisplayName("An idle agent is drained at once; one without the capability is not")
  void shouldDrainIdle() {
    scenario.operator(drain(false));
    assertThat(drainState()).isEqualTo(DrainState.DRAINED);
    AgentCall.Builder old = AgentCalls.registration(1, AGENT);
    old.getSubscribeBuilder().clearCapabilities();
    Call.Builder call = drain(false);
    call.getDrainAgentBuilder().getAgentIdBuilder().setValue(agentId(1).value());
    scenario.agentCall(old, "link1").operator(call);
    assertThat(scenario.refusal().message()).contains("does not support draining");
  }

  @Test
  @DisplayName("CP-247, CP-282 tasks of an agent that is marked gone are gone by the operator")
  void shouldMarkGone() {
    running("t").operator(gone());
    TaskStatus status = scenario.statuses("s").get(0);
    assertThat(status.getState()).isEqualTo(TaskState.TASK_GONE_BY_OPERATOR);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REMOVED_BY_OPERATOR);
    assertThat(scenario.toldTypes("s")).contains(Event.Type.FAILURE);

    var reconcile = from(0, io.quorate.protocol.v1.scheduler.Call.Type.RECONCILE);
    reconcile
        .getReconcileBuilder()
        .addTasksBuilder()
        .setTaskId(TaskID.newBuilder().setValue("x"))
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    scenario.schedulerCall(reconcile, "s");
    assertThat(scenario.statuses("s").get(0).getState()).isEqualTo(TaskState.TASK_GONE_BY_OPERATOR);
  }

  @Test
  @DisplayName("CP-157 an end that was not acknowledged when its agent went still can be")
  void shouldCompleteWithoutAgent() {
    running("t");
    scenario.update(0, Scenario.id(0), "t", TaskState.TASK_FINISHED);
    scenario.operator(gone());
    assertThat(scenario.statuses("s")).isEmpty();
    assertThat(scenario.state().tasks().size()).isEqualTo(1);

    // Nobody else sends it again.
    var reconcile = from(0, io.quorate.protocol.v1.scheduler.Call.Type.RECONCILE);
    reconcile.getReconcileBuilder();
    scenario.schedulerCall(reconcile, "s");
    assertThat(scenario.statuses("s")).extracting(TaskStatus::hasUuid).containsExactly(false, true);

    acknowledgePending();
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
    assertThat(scenario.completedTasks(0).get(0).state()).isEqualTo(TaskState.TASK_FINISHED);
  }

  @Test
  @DisplayName("An end that ran ahead of the update underway is told by the master, its agent gone")
  void shouldTellTheKnownEnd() {
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
    AgentCall.Builder ahead = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    ahead.setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    ahead
        .getUpdateBuilder()
        .setLatestState(TaskState.TASK_FINISHED)
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setState(TaskState.TASK_RUNNING)
                .setUuid(ByteString.copyFromUtf8("0123456789abcdef")));
    ahead.getUpdateBuilder().getFrameworkIdBuilder().setValue(Scenario.id(0));
    scenario.agentCall(ahead, "link0").operator(gone());
    assertThat(scenario.statuses("s").get(0).getState()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(scenario.statuses("s").get(0).hasUuid()).isFalse();
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("A framework that waits for nothing but a gone agent can be torn down")
  void shouldTearDownWithoutAgent() {
    running("t");
    scenario.update(0, Scenario.id(0), "t", TaskState.TASK_FINISHED);
    scenario.operator(gone());
    scenario.schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN), "s");
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-283 unreachable and gone agents are forgotten after two weeks")
  void shouldForget() {
    running("t").agent(1, AGENT).unreachable(0).after(13 * 24 * 3600).timers();
    assertThat(scenario.state().agents().has(agentId(0))).isTrue();
    scenario.after(2 * 24 * 3600).timers();
    assertThat(scenario.state().agents().has(agentId(0))).isFalse();
    Call.Builder other = gone();
    other.getMarkAgentGoneBuilder().getAgentIdBuilder().setValue(agentId(1).value());
    scenario.operator(other).after(15 * 24 * 3600).timers();
    assertThat(scenario.state().goneAgents().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-283 unreachable and gone agents are forgotten after as long as the flag says")
  void shouldForgetByThePolicy() {
    // given
    Policy usual = Policy.DEFAULT;
    Policy hour =
        new Policy(
            usual.offerTimeoutNanos(),
            usual.turnMemoryNanos(),
            usual.frameworkGraceNanos(),
            usual.timersPerCallMax(),
            3_600_000_000_000L,
            usual.roles(),
            usual.rootSubmissions());
    Scenario forgetful = new Scenario(hour).agent(0, AGENT).agent(1, AGENT);
    // when
    forgetful.operator(gone()).unreachable(1).after(3500).timers();
    // then
    assertThat(forgetful.state().goneAgents().isEmpty()).isFalse();
    assertThat(forgetful.state().agents().has(agentId(1))).isTrue();
    forgetful.after(200).timers();
    assertThat(forgetful.state().goneAgents().isEmpty()).isTrue();
    assertThat(forgetful.state().agents().has(agentId(1))).isFalse();
  }

  @Test
  @DisplayName(
      "CP-280 without checkpoint a broken link loses the tasks; a stray one is killed later")
  void shouldLoseWithoutCheckpoint() {
    Scenario other = new Scenario();
    other.agent(0, AGENT).subscribe(framework("f"), "s").allocate();
    other.launch(0, "s", other.offers(), task("t", 0, "cpus:1")).closeLink(0);
    TaskStatus status = other.statuses("s").get(0);
    assertThat(status.getState()).isEqualTo(TaskState.TASK_LOST);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DISCONNECTED);

    other.reconnect(0, AGENT, report(0, "t", TaskState.TASK_RUNNING));
    assertThat(other.commands(0)).hasSize(1);
    assertThat(other.commands(0).get(0).getKill().getTaskId().getValue()).isEqualTo("t");
  }

  @Test
  @DisplayName("CP-280 with checkpoint they go on")
  void shouldKeepWithCheckpoint() {
    running("t").closeLink(0);
    assertThat(scenario.statuses("s")).isEmpty();
    scenario.reconnect(0, AGENT, report(0, "t", TaskState.TASK_RUNNING));
    assertThat(scenario.commands(0)).isEmpty();
  }

  @Test
  @DisplayName("An agent may come back with more; with less only while nothing is reserved")
  void shouldJudgeChangedResources() {
    scenario.reconnect(0, "cpus:8;mem:1024");
    assertThat(scenario.state().agents().get(agentId(0)).total().scalarMillis("cpus"))
        .isEqualTo(8000);
    scenario.reconnect(0, "cpus:6;mem:1024");
    Call.Builder reserve = Call.newBuilder().setType(Call.Type.RESERVE_RESOURCES);
    reserve.getReserveResourcesBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    reserve.getReserveResourcesBuilder().addResources(ReservedBy.operator("cpus", 2, "dev"));
    scenario.operator(reserve).reconnect(0, "cpus:4;mem:1024");
    assertThat(scenario.refusal().status()).isEqualTo(409);
    scenario.reconnect(0, "cpus:7;mem:1024");
    assertThat(scenario.state().agents().get(agentId(0)).total())
        .isEqualTo(ResourceBags.of("cpus:5;mem:1024", ReservedBy.operator("cpus", 2, "dev")));
  }

  @Test
  @DisplayName("CP-396 MARK_AGENT_GONE of an unknown agent is 404, of a gone one nothing")
  void shouldMarkGoneOnce() {
    // given
    running("t").operator(gone());
    Call.Builder unknown = gone();
    unknown.getMarkAgentGoneBuilder().getAgentIdBuilder().setValue("nobody");

    // when
    long again = scenario.operator(gone()).events();
    scenario.operator(unknown);

    // then
    assertThat(again).isZero();
    assertThat(scenario.refusal().status()).isEqualTo(404);
  }

  @Test
  @DisplayName("CP-389 RESERVE_RESOURCES on an unknown agent is 400")
  void shouldRefuseToReserveNowhere() {
    // given
    Call.Builder unknown = reserve("cpus", 1);
    unknown.getReserveResourcesBuilder().getAgentIdBuilder().setValue("nobody");

    // when
    scenario.operator(unknown);

    // then
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("CP-390, CP-391 RESERVE_RESOURCES takes from offers, and never from tasks")
  void shouldReserveForOperators() {
    scenario.operator(reserve("cpus", 3));
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    scenario.after(10).timers().allocate();
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
    scenario.operator(reserve("cpus", 1));
    assertThat(scenario.refusal().status()).isEqualTo(409);
    scenario.operator(reserve("cpus", 9));
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  private static Call.Builder reserve(String name, double value) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.RESERVE_RESOURCES);
    call.getReserveResourcesBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    call.getReserveResourcesBuilder().addResources(ReservedBy.operator(name, value, "dev"));
    return call;
  }

  @Test
  @DisplayName("CP-395 TEARDOWN by an operator")
  void shouldTearDown() {
    Call.Builder call = Call.newBuilder().setType(Call.Type.TEARDOWN);
    call.getTeardownBuilder().getFrameworkIdBuilder().setValue(Scenario.id(0));
    scenario.operator(call);
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
    scenario.operator(call);
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("an agent is known by its first key: no other takes its link, by id or registration")
  void shouldKnowAgentByItsKey() {
    // given
    Scenario keyed = new Scenario();
    ByteString key = ByteString.copyFromUtf8("the key");
    keyed.agentCall(AgentCalls.registration(5, "cpus:1"), "l1", key);
    AgentCall.Builder again = AgentCalls.registration(5, "cpus:1");
    again.getAgentIdBuilder().setValue(agentId(0).value());
    // when
    for (ByteString other : List.of(ByteString.EMPTY, ByteString.copyFromUtf8("another"))) {
      assertThat(keyed.agentCall(again.clone(), "l2", other).refusal().status()).isEqualTo(401);
      assertThat(
              keyed.agentCall(AgentCalls.registration(5, "cpus:1"), "l2", other).refusal().status())
          .isEqualTo(401);
    }
    // then
    assertThat(keyed.state().agents().get(agentId(0)).linkId()).isEqualTo("l1");
    keyed.agentCall(again, "l3", key);
    assertThat(keyed.state().agents().get(agentId(0)).linkId()).isEqualTo("l3");
    assertThat(keyed.state().agents().get(agentId(0)).key()).isEqualTo(key);
  }

  @Test
  @DisplayName(
      "an agent that registered before agents had keys is known by the first that it shows")
  void shouldBindFirstKey() {
    // given
    Scenario old = new Scenario();
    ByteString key = ByteString.copyFromUtf8("the key");
    old.agentCall(AgentCalls.registration(5, "cpus:1"), "l1", ByteString.EMPTY);
    AgentCall.Builder again = AgentCalls.registration(5, "cpus:1");
    again.getAgentIdBuilder().setValue(agentId(0).value());
    // when
    old.agentCall(again.clone(), "l2", key);
    // then
    assertThat(old.state().agents().get(agentId(0)).key()).isEqualTo(key);
    assertThat(old.agentCall(again, "l3", ByteString.EMPTY).refusal().status()).isEqualTo(401);
  }
}
