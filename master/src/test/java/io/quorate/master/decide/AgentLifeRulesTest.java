package io.quorate.master.decide;

import static io.quorate.master.decide.AgentCalls.report;
import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AgentLifeRulesTest {
  private static final String AGENT = "cpus:4;mem:1024";
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void runningTask() {
    scenario
        .agent(0, AGENT)
        .subscribe(
            framework("f", FrameworkInfo.Capability.Type.PARTITION_AWARE).setCheckpoint(true), "s")
        .allocate();
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
  }

  private Scenario reconcile(String... tasks) {
    Call.Builder call = from(0, Call.Type.RECONCILE);
    call.getReconcileBuilder();
    for (String task : tasks) {
      call.getReconcileBuilder().addTasksBuilder().getTaskIdBuilder().setValue(task);
    }
    return scenario.schedulerCall(call, "s");
  }

  @Test
  @DisplayName("CP-266, CP-274 a new agent has an id and learns how long a silence may last")
  void shouldRegister() {
    Agent agent = scenario.state().agents().get(agentId(0));
    assertThat(agent.total()).isEqualTo(ResourceBags.of(AGENT));
    assertThat(agent.info().getHostname()).isEqualTo("h0");
    scenario.agent(1, AGENT);
    AgentEvent.Subscribed subscribed = scenario.toldAgent("link1").get(0).getSubscribed();
    assertThat(subscribed.getAgentId().getValue()).isEqualTo(agentId(1).value());
    assertThat(subscribed.getTotalPingTimeoutSeconds()).isEqualTo(75);
  }

  @Test
  @DisplayName("CP-153 a KILL waits for an agent that is away")
  void shouldKeepKills() {
    scenario.closeLink(0);
    Call.Builder kill = from(0, Call.Type.KILL);
    kill.getKillBuilder().getTaskIdBuilder().setValue("t");
    scenario.schedulerCall(kill, "s").lead(2);
    assertThat(scenario.commands(0).stream().map(Command::getWhatCase))
        .containsExactly(Command.WhatCase.LAUNCH, Command.WhatCase.KILL);
  }

  @Test
  @DisplayName("CP-159 an ACKNOWLEDGE for an agent that is away is kept for it (better than Mesos)")
  void shouldKeepAcknowledgements() {
    ByteString uuid = scenario.update(0, Scenario.id(0), "t", TaskState.TASK_RUNNING);
    Call.Builder acknowledge = from(0, Call.Type.ACKNOWLEDGE);
    acknowledge
        .getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setUuid(uuid);
    scenario.closeLink(0).schedulerCall(acknowledge, "s");
    assertThat(scenario.commands(0)).anyMatch(Command::hasAcknowledge);
  }

  @Test
  @DisplayName("CP-125, CP-242 the unaware hear TASK_LOST; implicit answers leave out unreachable")
  void shouldSpeakToTheUnaware() {
    Scenario other = new Scenario();
    other.agent(0, AGENT).subscribe(framework("f").setCheckpoint(true), "s").allocate();
    other.launch(0, "s", other.offers(), task("t", 0, "cpus:1")).unreachable(0);
    assertThat(other.statuses("s").get(0).getState()).isEqualTo(TaskState.TASK_LOST);

    scenario.unreachable(0);
    reconcile();
    assertThat(scenario.statuses("s")).isEmpty();
    reconcile("t", "nothing");
    assertThat(scenario.statuses("s"))
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_UNREACHABLE, TaskState.TASK_UNKNOWN);
  }

  @Test
  @DisplayName(
      "a copy of an agent's work_dir on another machine is refused while the agent is there")
  void shouldRefuseAClone() {
    AgentCall.Builder clone =
        AgentCalls.registration(0, AGENT)
            .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
            .setCommandsDone(1);
    String link = scenario.state().agents().get(agentId(0)).linkId();
    scenario.agentCall(clone, "clone", "10.0.0.99");
    assertThat(scenario.refusal().status()).isEqualTo(409);
    assertThat(scenario.state().agents().get(agentId(0)).linkId()).isEqualTo(link);

    // With another address after its link has timed out, as after a move.
    scenario.closeLink(0).agentCall(clone, "moved", "10.0.0.99");
    assertThat(scenario.state().agents().get(agentId(0)).linkId()).isEqualTo("moved");
  }

  @Test
  @DisplayName(
      "CP-249, CP-281 the next leader answers for agents that are not back, and knows lost ones")
  void shouldAnswerAtOnce() {
    scenario.agent(1, AGENT).unreachable(1).lead(2).subscribeAgain();
    Call.Builder call = from(0, Call.Type.RECONCILE);
    call.getReconcileBuilder().addTasksBuilder().getTaskIdBuilder().setValue("t");
    scenario.schedulerCall(call, "again");
    assertThat(scenario.statuses("again").get(0).getState()).isEqualTo(TaskState.TASK_STAGING);
    assertThat(scenario.state().agents().get(agentId(1)).unreachable()).isTrue();
  }

  @Test
  @DisplayName("CP-271 an agent that was marked gone is told to shut down, and not let in again")
  void shouldSendAway() {
    var gone =
        io.quorate.protocol.v1.master.Call.newBuilder()
            .setType(io.quorate.protocol.v1.master.Call.Type.MARK_AGENT_GONE);
    gone.getMarkAgentGoneBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    scenario.operator(gone);
    assertThat(scenario.toldAgent("link0"))
        .extracting(AgentEvent::getType)
        .containsExactly(AgentEvent.Type.SHUTDOWN);
    scenario.reconnect(0, AGENT, report(0, "t", TaskState.TASK_RUNNING));
    assertThat(scenario.refusal().status()).isEqualTo(410);
  }

  @Test
  @DisplayName("CP-272 an agent that was away ends the tasks of a framework torn down meanwhile")
  void shouldEndOrphans() {
    scenario.closeLink(0).schedulerCall(from(0, Call.Type.TEARDOWN), "s");
    assertThat(scenario.commands(0)).anyMatch(Command::hasShutdownFramework);
    scenario.agentCall(
        AgentCalls.registration(0, AGENT)
            .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
            .setCommandsDone(1),
        "back");
    assertThat(scenario.commands(0)).anyMatch(Command::hasShutdownFramework);
  }

  @Test
  @DisplayName("CP-284 the tasks of an agent that ends in order are lost, for that reason")
  void shouldUnregister() {
    scenario.agentCall(
        AgentCall.newBuilder()
            .setType(AgentCall.Type.UNREGISTER)
            .setAgentId(AgentID.newBuilder().setValue(agentId(0).value())),
        "link0");
    TaskStatus status = scenario.statuses("s").get(0);
    assertThat(status.getState()).isEqualTo(TaskState.TASK_LOST);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_REMOVED);
  }

  @Test
  @DisplayName("CP-259 an agent's own updates say so, and are acknowledged like others")
  void shouldTakeAgentsUpdates() {
    AgentCall.Builder update = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    update.setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    update
        .getUpdateBuilder()
        .setLatestState(TaskState.TASK_FAILED)
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setSource(TaskStatus.Source.SOURCE_AGENT)
                .setReason(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED)
                .setState(TaskState.TASK_FAILED)
                .setUuid(ByteString.copyFromUtf8("0123456789abcdef")));
    update.getUpdateBuilder().getFrameworkIdBuilder().setValue(Scenario.id(0));
    scenario.agentCall(update, "link0");
    TaskStatus told = scenario.statuses("s").get(0);
    assertThat(told.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(told.hasUuid()).isTrue();
  }
}
