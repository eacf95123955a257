package io.quorate.chaos.simulate.framework;

import io.quorate.chaos.simulate.world.World;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;

/** What frameworks do with offers. */
public final class OfferActions {
  private final World world;
  private int names;

  public OfferActions(World world) {
    this.world = world;
  }

  private Call.Builder accept(SimulatedFramework framework, Offer offer) {
    Call.Builder call = framework.call(Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIds(offer.getId());
    call.getAcceptBuilder().getFiltersBuilder().setRefuseSeconds(world.below(4));
    return call;
  }

  public void launch(SimulatedFramework framework, Offer offer) {
    Call.Builder call = accept(framework, offer);
    Offer.Operation.Builder operation = call.getAcceptBuilder().addOperationsBuilder();
    if (world.oneIn(6)) {
      group(framework, offer, operation);
    } else {
      operation.setType(Offer.Operation.Type.LAUNCH);
      for (int i = world.below(3); i >= 0; i--) {
        TaskInfo.Builder task = task(offer);
        if (world.oneIn(4)) {
          task.clearCommand().setExecutor(executor(framework, "e"));
        }
        operation.getLaunchBuilder().addTaskInfos(task);
      }
    }
    world.note(framework.id() + " accepts " + offer.getId().getValue());
    framework.send(call);
  }

  private TaskInfo.Builder task(Offer offer) {
    String name = "t" + names++;
    int port = 31_000 + world.below(10);
    return TaskInfo.newBuilder()
        .setName(name)
        .setTaskId(TaskID.newBuilder().setValue(name))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(
            ResourceText.parse(
                "cpus:0." + (1 + world.below(9)) + ";ports:[" + port + "-" + port + "]"));
  }

  /** Under an executor of the framework's, or the agent's own. */
  private void group(SimulatedFramework framework, Offer offer, Offer.Operation.Builder operation) {
    boolean custom = world.oneIn(3);
    ExecutorInfo.Builder executor =
        custom
            ? executor(framework, "g").setType(ExecutorInfo.Type.CUSTOM)
            : executor(framework, "d").clearCommand().setType(ExecutorInfo.Type.DEFAULT);
    executor.getFrameworkIdBuilder().setValue(framework.id());
    operation.setType(Offer.Operation.Type.LAUNCH_GROUP);
    operation.getLaunchGroupBuilder().setExecutor(executor);
    for (int i = 1 + world.below(2); i >= 0; i--) {
      operation.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(task(offer));
    }
  }

  private ExecutorInfo.Builder executor(SimulatedFramework framework, String name) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(name + framework.id() + world.below(2)))
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(ResourceText.parse("cpus:0.1;mem:32"));
  }

  public void decline(SimulatedFramework framework, Offer offer) {
    Call.Builder call = framework.call(Call.Type.DECLINE);
    call.getDeclineBuilder().addOfferIds(offer.getId());
    call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(world.below(10));
    framework.send(call);
  }

  public void answer(SimulatedFramework framework, String inverse) {
    framework.forgetInverse(inverse);
    Call.Builder call = framework.call(Call.Type.DECLINE_INVERSE_OFFERS);
    call.getDeclineInverseOffersBuilder().addInverseOfferIdsBuilder().setValue(inverse);
    call.getDeclineInverseOffersBuilder().getFiltersBuilder().setRefuseSeconds(world.below(5));
    framework.send(call);
  }

  /** Disk reserved for role dev, without a principal. */
  public static Resource reservedDisk(double value) {
    return Resource.newBuilder()
        .setName("disk")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .addReservations(
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.DYNAMIC)
                .setRole("dev"))
        .build();
  }

  private Resource volume() {
    Resource.Builder volume = reservedDisk(50).toBuilder();
    volume.getDiskBuilder().getPersistenceBuilder().setId("v" + world.below(3));
    volume
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW));
    return volume.build();
  }

  /** Reservations and volumes: what is there is used or given up, what is not is made. */
  public void operate(SimulatedFramework framework, Offer offer) {
    Call.Builder call = accept(framework, offer);
    List<Resource> volumes =
        offer.getResourcesList().stream()
            .filter(resource -> resource.getDisk().hasPersistence())
            .toList();
    Offer.Operation.Builder operation = call.getAcceptBuilder().addOperationsBuilder();
    if (!volumes.isEmpty() && world.oneIn(2)) {
      operation.setType(Offer.Operation.Type.DESTROY);
      operation.getDestroyBuilder().addVolumes(world.any(volumes));
    } else {
      operation.setType(Offer.Operation.Type.RESERVE);
      operation.getReserveBuilder().addResources(reservedDisk(50));
      Offer.Operation.Builder create = call.getAcceptBuilder().addOperationsBuilder();
      create.setType(Offer.Operation.Type.CREATE);
      create.getCreateBuilder().addVolumes(volume());
      name(create);
      if (world.oneIn(2)) {
        Offer.Operation.Builder launch = call.getAcceptBuilder().addOperationsBuilder();
        launch.setType(Offer.Operation.Type.LAUNCH);
        launch
            .getLaunchBuilder()
            .addTaskInfos(task(offer).addResources(create.getCreate().getVolumes(0)));
      }
    }
    name(operation);
    framework.send(call);
  }

  private void name(Offer.Operation.Builder operation) {
    if (world.oneIn(2)) {
      operation.setId(OperationID.newBuilder().setValue("o" + names++));
    }
  }
}
