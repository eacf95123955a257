package io.quorate.master.decide;

import static io.quorate.master.decide.ResourceOperations.disk;
import static io.quorate.master.decide.ResourceOperations.named;
import static io.quorate.master.decide.ResourceOperations.reserve;
import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.scheduler.Call;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A client that saw its connection break may repeat any call, also to the next leader. */
class RepeatedCallsTest {
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void frameworkAndOffer() {
    scenario
        .agent(0, "cpus:4;mem:1024;disk:1000")
        .subscribe(
            framework("f", FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT)
                .clearRoles()
                .addRoles(ResourceOperations.ROLE)
                .setPrincipal("p"),
            "s")
        .allocate();
  }

  private Call.Builder accept() {
    Call.Builder call = from(0, Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIdsBuilder().setValue(scenario.offers().get(0));
    return call;
  }

  /** Sends the call, lets the leader change, sends it again; nothing may change by that. */
  private void repeat(Call.Builder call) {
    scenario.schedulerCall(call, "s").lead(2).subscribeAgain();
    MasterState once = scenario.state();
    scenario.schedulerCall(call, "again");
    assertThat(scenario.events()).isZero();
    assertThat(scenario.told("again")).isEmpty();
    assertThat(scenario.state()).isEqualTo(once);
  }

  @Test
  @DisplayName("An ACCEPT that reserved")
  void shouldRecogniseReservations() {
    Call.Builder call = accept();
    call.getAcceptBuilder().addOperations(named("op", reserve(disk(100))));
    repeat(call);

    // With the same offers, but not the same call.
    call.getAcceptBuilder().getOperationsBuilder(0).setId(OperationID.newBuilder().setValue("x"));
    scenario.schedulerCall(call, "again");
    assertThat(scenario.operationStatuses("again").get(0).getMessage()).contains("no longer valid");
  }

  @Test
  @DisplayName("An ACCEPT that launched, also after its task ended")
  void shouldRecogniseLaunches() {
    Call.Builder call = accept();
    call.getAcceptBuilder().addOperations(launching(task("t", 0, "cpus:1")));
    repeat(call);
    ByteString uuid = scenario.update(0, Scenario.id(0), "t", TaskState.TASK_FINISHED);
    scenario.schedulerCall(acknowledge(uuid), "again");
    assertThat(scenario.completedTasks(0)).hasSize(1);
    scenario.schedulerCall(call, "again");
    assertThat(scenario.events()).isZero();
  }

  private static Call.Builder acknowledge(ByteString uuid) {
    Call.Builder call = from(0, Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setUuid(uuid);
    return call;
  }

  @Test
  @DisplayName("An ACCEPT whose tasks were refused")
  void shouldRecogniseRefusals() {
    Call.Builder call = accept();
    call.getAcceptBuilder().addOperations(launching(task("t", 0, "cpus:99")));
    repeat(call);
  }

  @Test
  @DisplayName("ACKNOWLEDGE")
  void shouldRecogniseAcknowledgements() {
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
    repeat(acknowledge(scenario.update(0, Scenario.id(0), "t", TaskState.TASK_RUNNING)));
  }

  @Test
  @DisplayName("DECLINE")
  void shouldRecogniseDeclines() {
    Call.Builder call = from(0, Call.Type.DECLINE);
    call.getDeclineBuilder().addOfferIdsBuilder().setValue(scenario.offers().get(0));
    repeat(call);
  }

  @Test
  @DisplayName("TEARDOWN, of which no stream is left to repeat it on")
  void shouldRecogniseTeardowns() {
    scenario.schedulerCall(from(0, Call.Type.TEARDOWN), "s").lead(2);
    scenario.schedulerCall(from(0, Call.Type.TEARDOWN), "s");
    assertThat(scenario.events()).isZero();
    scenario.schedulerCall(from(7, Call.Type.TEARDOWN), "s");
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("SUPPRESS and REVIVE come to the same")
  void shouldComeToTheSame() {
    scenario.schedulerCall(from(0, Call.Type.SUPPRESS), "s");
    MasterState once = scenario.state();
    scenario.schedulerCall(from(0, Call.Type.SUPPRESS), "s");
    assertThat(scenario.state()).isEqualTo(once);
    scenario.schedulerCall(from(0, Call.Type.REVIVE), "s");
    once = scenario.state();
    scenario.schedulerCall(from(0, Call.Type.REVIVE), "s");
    assertThat(scenario.state()).isEqualTo(once);
  }
}
