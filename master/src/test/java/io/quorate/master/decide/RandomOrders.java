package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.task;

import com.google.protobuf.ByteString;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.UUID;
import io.quorate.protocol.v1.Volume;
import io.quorate.protocol.v1.maintenance.Window;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random calls about resources, executors and machines: sensible ones in the main, so that they get
 * somewhere, with some nonsense among them.
 */
final class RandomOrders {
  private final Scenario scenario;
  private final SplittableRandom random;
  private final RandomVariables variables;
  private int names;

  RandomOrders(Scenario scenario, SplittableRandom random) {
    this.scenario = scenario;
    this.random = random;
    this.variables = new RandomVariables(random.split());
  }

  void step() {
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> accept();
      case 3 -> agentDoes();
      case 4 -> acknowledge();
      case 5 -> operator();
      case 6 -> inverse();
      case 7 -> scenario.call(variables.call());
      default -> reconcile();
    }
  }

  private <T> T any(Iterable<T> all) {
    List<T> list = new ArrayList<>();
    all.forEach(list::add);
    return list.isEmpty() ? null : list.get(random.nextInt(list.size()));
  }

  private static Resource disk(double value) {
    return ReservedBy.operator("disk", value, "*").toBuilder()
        .setReservations(
            0,
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.DYNAMIC)
                .setRole("dev"))
        .build();
  }

  private Resource volume() {
    Resource.Builder volume = disk(10 + random.nextInt(2) * 10).toBuilder();
    volume.getDiskBuilder().getPersistenceBuilder().setId("v" + random.nextInt(4));
    volume
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath("d").setMode(Volume.Mode.RW));
    if (random.nextInt(3) == 0) {
      volume.setShared(Resource.SharedInfo.getDefaultInstance());
    }
    return volume.build();
  }

  private void accept() {
    Offer offer = any(scenario.state().offers().values());
    if (offer == null) {
      return;
    }
    Call.Builder call = from(0, Call.Type.ACCEPT);
    call.setFrameworkId(FrameworkID.newBuilder().setValue(offer.framework().value()));
    call.getAcceptBuilder().addOfferIds(OfferID.newBuilder().setValue(offer.id().value()));
    for (int i = random.nextInt(4); i >= 0; i--) {
      var operation = operation(offer);
      if (random.nextBoolean()) {
        operation.setId(OperationID.newBuilder().setValue("o" + names++));
      }
      call.getAcceptBuilder().addOperations(operation);
    }
    if (random.nextBoolean()) {
      call.getAcceptBuilder().addOperations(launch(offer));
    }
    String stream = scenario.state().frameworks().get(offer.framework()).streamId();
    scenario.schedulerCall(call, stream);
    if (random.nextInt(4) == 0) {
      // As after a broken connection.
      scenario.schedulerCall(call, stream);
    }
  }

  private io.quorate.protocol.v1.Offer.Operation.Builder operation(Offer offer) {
    var operation = io.quorate.protocol.v1.Offer.Operation.newBuilder();
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        operation.setType(io.quorate.protocol.v1.Offer.Operation.Type.RESERVE);
        operation.getReserveBuilder().addResources(disk(10 * (1 + random.nextInt(4))));
      }
      case 2 -> {
        operation.setType(io.quorate.protocol.v1.Offer.Operation.Type.UNRESERVE);
        operation.getUnreserveBuilder().addResources(disk(10));
      }
      case 3, 4 -> {
        operation.setType(io.quorate.protocol.v1.Offer.Operation.Type.CREATE);
        operation.getCreateBuilder().addVolumes(volume());
      }
      case 5 -> {
        Resource known =
            any(
                offer.resources().toProtos().stream()
                    .filter(resource -> resource.getDisk().hasPersistence())
                    .toList());
        operation.setType(io.quorate.protocol.v1.Offer.Operation.Type.DESTROY);
        operation.getDestroyBuilder().addVolumes(known == null ? volume() : known);
      }
      default -> {
        operation.setType(io.quorate.protocol.v1.Offer.Operation.Type.GROW_VOLUME);
        operation.getGrowVolumeBuilder().setVolume(volume()).setAddition(disk(10));
      }
    }
    return operation;
  }

  private io.quorate.protocol.v1.Offer.Operation.Builder launch(Offer offer) {
    int agent = number(offer.agent().value(), "c-S");
    ExecutorInfo.Builder executor =
        ExecutorInfo.newBuilder().setCommand(CommandInfo.newBuilder().setValue("x"));
    executor.getExecutorIdBuilder().setValue("e" + random.nextInt(3));
    var task = task("x" + names, agent, "cpus:1").clearCommand().setExecutor(executor);
    task.setName("launched" + names++);
    Resource known =
        any(
            offer.resources().toProtos().stream()
                .filter(resource -> resource.getDisk().hasPersistence())
                .toList());
    if (known != null && random.nextBoolean()) {
      task.addResources(known);
    }
    return Scenario.launching(task);
  }

  private static int number(String id, String prefix) {
    return Integer.parseInt(id.substring(prefix.length()));
  }

  private void agentDoes() {
    Operation operation = any(scenario.state().operations().values());
    Executor executor = any(scenario.state().executors().values());
    if (operation != null && random.nextInt(4) > 0) {
      OperationState end =
          random.nextInt(5) == 0
              ? OperationState.OPERATION_FAILED
              : OperationState.OPERATION_FINISHED;
      finish(operation, end);
    } else if (executor != null) {
      AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.EXECUTOR_EXITED);
      call.getExecutorExitedBuilder().setStatus(0);
      call.getExecutorExitedBuilder()
          .getFrameworkIdBuilder()
          .setValue(executor.key().framework().value());
      call.getExecutorExitedBuilder().getExecutorIdBuilder().setValue(executor.key().executorId());
      say(executor.key().agent().value(), call);
    }
  }

  /** Every connected agent does what is left to do. */
  void finishOperations() {
    for (Operation operation : scenario.state().operations().values()) {
      finish(operation, OperationState.OPERATION_FINISHED);
    }
  }

  private void finish(Operation operation, OperationState end) {
    ByteString uuid = ByteString.copyFromUtf8(String.format("op%014d", names++));
    OperationState state = end;
    if (operation.pendingAcknowledgement()) {
      uuid = operation.status().getUuid().getValue();
      state = operation.status().getState();
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.OPERATION_UPDATE);
    call.getOperationUpdateBuilder()
        .setOperationUuid(operation.uuid())
        .setStatus(
            OperationStatus.newBuilder().setState(state).setUuid(UUID.newBuilder().setValue(uuid)));
    say(operation.agent().value(), call);
  }

  private void say(String agent, AgentCall.Builder call) {
    scenario
        .state()
        .agents()
        .find(new io.quorate.master.state.id.AgentId(agent))
        .filter(Agent::connected)
        .ifPresent(
            to ->
                scenario.agentCall(
                    call.setAgentId(AgentID.newBuilder().setValue(agent)), to.linkId()));
  }

  private void acknowledge() {
    Operation operation = any(scenario.state().operations().values());
    if (operation == null || !operation.named()) {
      return;
    }
    var framework = operation.framework().orElseThrow();
    Call.Builder call = from(0, Call.Type.ACKNOWLEDGE_OPERATION_STATUS);
    call.setFrameworkId(FrameworkID.newBuilder().setValue(framework.value()));
    call.getAcknowledgeOperationStatusBuilder()
        .setUuid(operation.status().getUuid().getValue())
        .setOperationId(operation.info().getId());
    call.getAcknowledgeOperationStatusBuilder()
        .getAgentIdBuilder()
        .setValue(operation.agent().value());
    scenario.schedulerCall(call, scenario.state().frameworks().get(framework).streamId());
  }

  private void operator() {
    Agent agent = any(scenario.state().agents().values());
    if (agent == null) {
      return;
    }
    var call = io.quorate.protocol.v1.master.Call.newBuilder();
    AgentID id = AgentID.newBuilder().setValue(agent.id().value()).build();
    switch (random.nextInt(9)) {
      case 0 -> {
        call.setType(io.quorate.protocol.v1.master.Call.Type.DRAIN_AGENT);
        call.getDrainAgentBuilder().setAgentId(id).setMarkGone(random.nextInt(6) == 0);
      }
      case 1 -> {
        call.setType(io.quorate.protocol.v1.master.Call.Type.DEACTIVATE_AGENT);
        call.getDeactivateAgentBuilder().setAgentId(id);
      }
      case 2, 3, 4 -> {
        call.setType(io.quorate.protocol.v1.master.Call.Type.REACTIVATE_AGENT);
        call.getReactivateAgentBuilder().setAgentId(id);
      }
      case 5, 6 -> {
        call.setType(io.quorate.protocol.v1.master.Call.Type.RESERVE_RESOURCES);
        call.getReserveResourcesBuilder().setAgentId(id).addResources(disk(10));
      }
      case 7 -> {
        call.setType(io.quorate.protocol.v1.master.Call.Type.UNRESERVE_RESOURCES);
        call.getUnreserveResourcesBuilder().setAgentId(id).addResources(disk(10));
      }
      default -> schedule(call, agent);
    }
    scenario.operator(call);
  }

  private void schedule(io.quorate.protocol.v1.master.Call.Builder call, Agent agent) {
    call.setType(io.quorate.protocol.v1.master.Call.Type.UPDATE_MAINTENANCE_SCHEDULE);
    var schedule = call.getUpdateMaintenanceScheduleBuilder().getScheduleBuilder();
    if (random.nextBoolean()) {
      Window.Builder window = Window.newBuilder();
      window.addMachineIds(MachineID.newBuilder().setHostname(agent.info().getHostname()));
      window.getUnavailabilityBuilder().getStartBuilder().setNanoseconds(random.nextInt(99));
      schedule.addWindows(window);
    }
  }

  private void inverse() {
    var offer = any(scenario.state().inverseOffers().values());
    if (offer == null) {
      return;
    }
    Call.Builder call = from(0, Call.Type.ACCEPT_INVERSE_OFFERS);
    call.setFrameworkId(FrameworkID.newBuilder().setValue(offer.framework().value()));
    call.getAcceptInverseOffersBuilder().addInverseOfferIdsBuilder().setValue(offer.id().value());
    call.getAcceptInverseOffersBuilder().getFiltersBuilder().setRefuseSeconds(random.nextInt(9));
    scenario.schedulerCall(call, scenario.state().frameworks().get(offer.framework()).streamId());
  }

  private void reconcile() {
    var framework = any(scenario.state().frameworks().values());
    if (framework != null) {
      Call.Builder call = from(0, Call.Type.RECONCILE_OPERATIONS);
      call.setFrameworkId(FrameworkID.newBuilder().setValue(framework.id().value()));
      call.getReconcileOperationsBuilder();
      scenario.schedulerCall(call, framework.streamId());
    }
  }
}
