package io.quorate.master.decide;

import static io.quorate.master.decide.ResourceOperations.create;
import static io.quorate.master.decide.ResourceOperations.destroy;
import static io.quorate.master.decide.ResourceOperations.disk;
import static io.quorate.master.decide.ResourceOperations.named;
import static io.quorate.master.decide.ResourceOperations.reserve;
import static io.quorate.master.decide.ResourceOperations.reserved;
import static io.quorate.master.decide.ResourceOperations.shrink;
import static io.quorate.master.decide.ResourceOperations.unreserve;
import static io.quorate.master.decide.ResourceOperations.volume;
import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.UUID;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OperationRulesTest {
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void frameworkAndOffer() {
    scenario
        .agent(0, "cpus:4;mem:1024;disk:1000")
        .subscribe(
            framework(
                    "f",
                    FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
                    FrameworkInfo.Capability.Type.PARTITION_AWARE,
                    FrameworkInfo.Capability.Type.SHARED_RESOURCES)
                .clearRoles()
                .addRoles(ResourceOperations.ROLE)
                .setPrincipal("p"),
            "s")
        .allocate();
  }

  private Resources total() {
    return scenario.state().agents().get(agentId(0)).total();
  }

  private static Resources bag(Resource... resources) {
    return Resources.of(List.of(resources));
  }

  private Scenario reoffer() {
    return scenario.after(10).timers().allocate();
  }

  /** The agent says that its oldest operation is done; the status's uuid. */
  private ByteString done(OperationState state) {
    ByteString uuid = ByteString.copyFromUtf8("0123456789abcdef");
    scenario.agentCall(doneCall(state, uuid), scenario.state().agents().get(agentId(0)).linkId());
    return uuid;
  }

  private AgentCall.Builder doneCall(OperationState state, ByteString uuid) {
    Command.ApplyOperation command =
        scenario.commands(0).stream()
            .filter(Command::hasApplyOperation)
            .findFirst()
            .orElseThrow()
            .getApplyOperation();
    OperationStatus.Builder status =
        OperationStatus.newBuilder().setState(state).setUuid(UUID.newBuilder().setValue(uuid));
    return AgentCall.newBuilder()
        .setType(AgentCall.Type.OPERATION_UPDATE)
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setOperationUpdate(
            AgentCall.OperationUpdate.newBuilder()
                .setOperationUuid(command.getOperationUuid())
                .setStatus(status));
  }

  private void acknowledge(String id, ByteString uuid) {
    Call.Builder call = from(0, Call.Type.ACKNOWLEDGE_OPERATION_STATUS);
    call.getAcknowledgeOperationStatusBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setOperationId(OperationID.newBuilder().setValue(id))
        .setUuid(uuid);
    scenario.schedulerCall(call, "s");
  }

  @Test
  @DisplayName("CP-141, CP-204 RESERVE, CREATE and LAUNCH in one ACCEPT build on each other")
  void shouldChain() {
    TaskStatus none = TaskStatus.getDefaultInstance();
    scenario.accept(
        0,
        "s",
        reserve(disk(200)),
        create(volume("v1", 200)),
        launching(task("t", 0, "cpus:1;mem:128").addResources(volume("v1", 200))));
    assertThat(scenario.statuses("s")).doesNotContain(none).isEmpty();
    assertThat(total()).isEqualTo(ResourceBags.of("cpus:4;mem:1024;disk:800", volume("v1", 200)));
    assertThat(scenario.state().tasks().size()).isEqualTo(1);
    assertThat(scenario.commands(0).stream().map(Command::getWhatCase))
        .containsExactly(
            Command.WhatCase.APPLY_OPERATION,
            Command.WhatCase.APPLY_OPERATION,
            Command.WhatCase.LAUNCH);
  }

  @Test
  @DisplayName("CP-143, CP-144 what was converted and not used is free at once, the rest filtered")
  void shouldFilterOnlyTheUntouched() {
    scenario.accept(0, "s", reserve(disk(200)));
    scenario.allocate();
    assertThat(scenario.offers()).hasSize(1);
    // The offer holds all: a superset of what was refused.
    assertThat(scenario.offered(scenario.offers().get(0)).contains(bag(disk(200)))).isTrue();
  }

  @Test
  @DisplayName("CP-142, CP-216 a failing operation stops no other, and without id yields no event")
  void shouldGoOn() {
    scenario.accept(0, "s", reserve(disk(5000)), reserve(disk(100)));
    assertThat(scenario.told("s")).isEmpty();
    assertThat(total().contains(bag(disk(100)))).isTrue();
  }

  @Test
  @DisplayName("CP-198, CP-199 RESERVE asks for the own principal and the offer's role")
  void shouldRefuseReservations() {
    Resources before = total();
    scenario.accept(
        0,
        "s",
        named("a", reserve(reserved("disk", 10, ResourceOperations.ROLE, "other"))),
        named("b", reserve(reserved("disk", 10, "other", "p"))));
    assertThat(scenario.operationStatuses("s"))
        .extracting(OperationStatus::getState)
        .containsOnly(OperationState.OPERATION_ERROR)
        .hasSize(2);
    assertThat(scenario.operationStatuses("s"))
        .extracting(OperationStatus::getMessage)
        .satisfiesExactly(
            principal -> assertThat(principal).contains("principal 'other'"),
            role -> assertThat(role).contains("role 'other'"));
    assertThat(total()).isEqualTo(before);
  }

  @Test
  @DisplayName("CP-200 RESERVE that names a source is refused")
  void shouldRefuseReservationsWithSource() {
    // given
    Resources before = total();
    Operation.Builder withSource = reserve(disk(10));
    withSource.getReserveBuilder().addSource(ResourceText.parse("disk:10").get(0));

    // when
    scenario.accept(0, "s", named("c", withSource));

    // then
    assertThat(scenario.operationStatuses("s"))
        .extracting(OperationStatus::getState)
        .containsExactly(OperationState.OPERATION_ERROR);
    assertThat(scenario.operationStatuses("s").get(0).getMessage()).contains("'source'");
    assertThat(total()).isEqualTo(before);
  }

  @Test
  @DisplayName("CP-215 OPERATION_ERROR of the master carries the id and no uuid")
  void shouldNameTheOperation() {
    scenario.accept(0, "s", named("op", reserve(disk(5000))));
    OperationStatus status = scenario.operationStatuses("s").get(0);
    assertThat(status.getOperationId().getValue()).isEqualTo("op");
    assertThat(status.hasUuid()).isFalse();
    assertThat(status.hasAgentId()).isFalse();
  }

  @Test
  @DisplayName("CP-202 UNRESERVE gives back, also a refined reservation to the one below")
  void shouldUnreserve() {
    Resources before = total();
    scenario.accept(0, "s", reserve(disk(100)), unreserve(disk(100)));
    assertThat(total()).isEqualTo(before);
  }

  @Test
  @DisplayName("CP-203 a static reservation cannot be unreserved")
  void shouldKeepStatic() {
    scenario.agent(1, "cpus(dev):2;mem(dev):512").allocate();
    Resource fixed = ResourceText.parse("cpus(dev):2").get(0);
    Call.Builder call = from(0, Call.Type.ACCEPT);
    String offer = scenario.offers().get(scenario.offers().size() - 1);
    call.getAcceptBuilder().addOfferIdsBuilder().setValue(offer);
    call.getAcceptBuilder().addOperations(named("op", unreserve(fixed)));
    scenario.schedulerCall(call, "s");
    assertThat(scenario.operationStatuses("s").get(0).getMessage())
        .contains("not dynamically reserved");
  }

  @Test
  @DisplayName("CP-205, CP-206 CREATE needs reserved disk and a new id")
  void shouldRefuseVolumes() {
    Resource bare = volume("v2", 10).toBuilder().clearReservations().build();
    scenario.accept(
        0,
        "s",
        reserve(disk(300)),
        create(volume("v1", 100)),
        named("bare", create(bare)),
        named("twice", create(volume("v1", 50))),
        named("unknown", destroy(volume("v9", 50))));
    assertThat(scenario.operationStatuses("s"))
        .extracting(status -> status.getOperationId().getValue())
        .containsExactly("bare", "twice", "unknown");
    assertThat(total().contains(bag(volume("v1", 100), disk(200)))).isTrue();
  }

  @Test
  @DisplayName("CP-201 a volume cannot be unreserved")
  void shouldNotUnreserveVolumes() {
    // when
    scenario.accept(
        0,
        "s",
        reserve(disk(300)),
        create(volume("v1", 100)),
        named("unreserve", unreserve(volume("v1", 100))));

    // then
    assertThat(scenario.operationStatuses("s"))
        .extracting(OperationStatus::getState)
        .containsExactly(OperationState.OPERATION_ERROR);
    assertThat(total().contains(bag(volume("v1", 100), disk(200)))).isTrue();
  }

  @Test
  @DisplayName("CP-208, CP-209 DESTROY waits for the last user, and leaves the disk reserved")
  void shouldDestroy() {
    scenario.accept(
        0,
        "s",
        reserve(disk(100)),
        create(volume("v1", 100)),
        launching(task("t", 0, "cpus:1").addResources(volume("v1", 100))));
    reoffer().accept(0, "s", named("early", destroy(volume("v1", 100))));
    assertThat(scenario.operationStatuses("s")).hasSize(1);

    scenario.update(0, Scenario.id(0), "t", TaskState.TASK_FINISHED);
    reoffer().accept(0, "s", destroy(volume("v1", 100)));
    assertThat(total()).isEqualTo(ResourceBags.of("cpus:4;mem:1024;disk:900", disk(100)));
  }

  @Test
  @DisplayName("CP-210, CP-212 GROW_VOLUME is offered after the agent has applied it")
  void shouldGrow() {
    scenario.accept(0, "s", reserve(disk(300)), create(volume("v1", 100)));
    done(OperationState.OPERATION_FINISHED);
    Operation.Builder grow = Operation.newBuilder().setType(Operation.Type.GROW_VOLUME);
    grow.getGrowVolumeBuilder().setVolume(volume("v1", 100)).setAddition(disk(50));
    reoffer()
        .accept(
            0,
            "s",
            named("grow", grow),
            launching(task("t", 0, "cpus:1").addResources(volume("v1", 150))));
    assertThat(scenario.statuses("s").get(0).getState()).isEqualTo(TaskState.TASK_ERROR);
    assertThat(total().contains(bag(volume("v1", 100)))).isTrue();
    Resources free = scenario.state().agents().get(agentId(0)).free();
    assertThat(free.contains(bag(volume("v1", 100)))).isFalse();

    confirmFirstCommands(2);
    done(OperationState.OPERATION_FINISHED);
    assertThat(total().contains(bag(volume("v1", 150), disk(150)))).isTrue();
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
  }

  private void confirmFirstCommands(long number) {
    scenario.call(
        io.quorate.master.event.Call.newBuilder()
            .setConfirmCommands(
                io.quorate.master.event.ConfirmCommands.newBuilder()
                    .setAgentId(agentId(0).value())
                    .setCommandsDone(number)));
  }

  @Test
  @DisplayName("CP-211 SHRINK_VOLUME keeps to the volume's size and refuses shared volumes")
  void shouldShrink() {
    scenario.accept(0, "s", reserve(disk(100)), create(volume("v1", 100)));
    Resource shared =
        volume("v1", 100).toBuilder().setShared(Resource.SharedInfo.getDefaultInstance()).build();
    reoffer().accept(0, "s", named("a", shrink(volume("v1", 100), 100)));
    assertThat(scenario.operationStatuses("s")).hasSize(1);
    reoffer().accept(0, "s", named("b", shrink(shared, 10)));
    assertThat(scenario.operationStatuses("s").get(0).getMessage()).contains("shared");
  }

  @Test
  @DisplayName("CP-160, CP-213 a named operation ends in a status until it is acknowledged")
  void shouldTellTheEnd() {
    scenario.accept(0, "s", named("op", reserve(disk(100))));
    ByteString uuid = done(OperationState.OPERATION_FINISHED);
    OperationStatus status = scenario.operationStatuses("s").get(0);
    assertThat(status.getState()).isEqualTo(OperationState.OPERATION_FINISHED);
    assertThat(status.getUuid().getValue()).isEqualTo(uuid);
    assertThat(status.getOperationId().getValue()).isEqualTo("op");

    done(OperationState.OPERATION_FINISHED);
    assertThat(scenario.operationStatuses("s")).containsExactly(status);

    acknowledge("op", uuid);
    assertThat(scenario.state().operations().isEmpty()).isTrue();
    assertThat(scenario.commands(0)).anyMatch(Command::hasAcknowledgeOperation);
  }

  @Test
  @DisplayName("An operation that nobody named is over when the agent has done it")
  void shouldForgetTheUnnamed() {
    scenario.accept(0, "s", reserve(disk(100)));
    assertThat(scenario.state().operations().size()).isEqualTo(1);
    done(OperationState.OPERATION_FINISHED);
    assertThat(scenario.told("s")).isEmpty();
    assertThat(scenario.state().operations().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-217, CP-218 ids on LAUNCH, and operations of resource providers")
  void shouldRefuseOddities() {
    Operation.Builder disk = Operation.newBuilder().setType(Operation.Type.CREATE_DISK);
    disk.getCreateDiskBuilder()
        .setSource(disk(1))
        .setTargetType(Resource.DiskInfo.Source.Type.MOUNT);
    scenario.accept(0, "s", named("l", launching(task("t", 0, "cpus:1"))), named("d", disk));
    assertThat(scenario.statuses("s").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
    assertThat(scenario.operationStatuses("s").get(0).getState())
        .isEqualTo(OperationState.OPERATION_ERROR);
  }

  @Test
  @DisplayName("CP-251, CP-252 operations are reconciled")
  void shouldReconcile() {
    scenario.accept(0, "s", named("op", reserve(disk(100))));
    Call.Builder call = from(0, Call.Type.RECONCILE_OPERATIONS);
    call.getReconcileOperationsBuilder();
    scenario.schedulerCall(call, "s");
    assertThat(scenario.operationStatuses("s").get(0).getState())
        .isEqualTo(OperationState.OPERATION_PENDING);

    assertThat(reconciled("other", agentId(0).value())).isEqualTo(OperationState.OPERATION_UNKNOWN);
    assertThat(reconciled("other", "nobody")).isEqualTo(OperationState.OPERATION_UNKNOWN);
    scenario.unreachable(0);
    assertThat(scenario.operationStatuses("s").get(0).getState())
        .isEqualTo(OperationState.OPERATION_UNREACHABLE);
    assertThat(reconciled("other", agentId(0).value()))
        .isEqualTo(OperationState.OPERATION_UNREACHABLE);
  }

  private OperationState reconciled(String id, String agent) {
    Call.Builder call = from(0, Call.Type.RECONCILE_OPERATIONS);
    call.getReconcileOperationsBuilder()
        .addOperationsBuilder()
        .setOperationId(OperationID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(agent));
    scenario.schedulerCall(call, "s");
    assertThat(scenario.operationStatuses("s").get(0).hasUuid()).isFalse();
    return scenario.operationStatuses("s").get(0).getState();
  }

  @Test
  @DisplayName("A shared volume is used by several tasks at once, and is always on offer")
  void shouldShare() {
    Resource shared =
        volume("v1", 100).toBuilder().setShared(Resource.SharedInfo.getDefaultInstance()).build();
    scenario.accept(
        0,
        "s",
        reserve(disk(100)),
        create(shared),
        launching(
            task("a", 0, "cpus:1").addResources(shared),
            task("b", 0, "cpus:1").addResources(shared)));
    assertThat(scenario.statuses("s")).isEmpty();
    assertThat(scenario.state().tasks().size()).isEqualTo(2);
    reoffer();
    assertThat(scenario.offered(scenario.offers().get(0)).contains(bag(shared))).isTrue();
    scenario.accept(0, "s", named("op", destroy(shared)));
    assertThat(scenario.operationStatuses("s").get(0).getMessage()).contains("in use");
  }

  @Test
  @DisplayName("Offers used wrongly fail each named operation of the call (Mesos 3.3)")
  void shouldFailAll() {
    Call.Builder call = from(0, Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIdsBuilder().setValue("none");
    call.getAcceptBuilder().addOperations(named("op", reserve(disk(1))));
    scenario.schedulerCall(call, "s");
    assertThat(scenario.told("s"))
        .extracting(Event::getType)
        .containsExactly(Event.Type.UPDATE_OPERATION_STATUS);
  }
}
