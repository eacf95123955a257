package io.quorate.examples;

import static io.quorate.driver.ScalarResources.amount;
import static io.quorate.driver.ScalarResources.scalar;

import io.quorate.driver.CallFactory;
import io.quorate.driver.SchedulerClient;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Volume;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A task with a disk of its own: the disk is reserved for the role, a persistent volume is made of
 * it, and the task writes a diary there. Each run begins where the one before it ended, as the
 * diary shows; after three the volume is destroyed and the disk given back.
 */
public final class StatefulExample {
  private static final int RUNS = 3;
  private static final String ROLE = "diary";
  private static final double DISK = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SchedulerClient client;
  private final PrintStream out;

  /** Which volume is ours; another may be left of somebody else in the role. */
  private final String volumeId = UUID.randomUUID().toString();

  private int runs;
  private boolean asked;
  private boolean running;

  private StatefulExample(List<String> masters, PrintStream out) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setName("diary")
            .setUser(System.getProperty("user.name"))
            .setFailoverTimeout(60)
            .setCheckpoint(true)
            .addRoles(ROLE)
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT))
            .build();
    this.client = new SchedulerClient(masters, info, this::event);
    this.out = out;
  }

  private static FrameworkInfo.Capability.Builder capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type);
  }

  /** Needs the masters, as in {@code host1:5050,host2:5050}. */
  public static void main(String[] args) throws InterruptedException {
    run(List.of(args[0].split(",")), System.out);
  }

  /** Returns when the volume is gone again. */
  static void run(List<String> masters, PrintStream out) throws InterruptedException {
    new StatefulExample(masters, out).client.run();
  }

  private void event(Event event) {
    event.getOffers().getOffersList().forEach(this::offered);
    if (event.hasUpdate()) {
      updated(event.getUpdate().getStatus());
    }
  }

  private void offered(Offer offer) {
    Optional<Resource> volume =
        offer.getResourcesList().stream()
            .filter(resource -> resource.getDisk().getPersistence().getId().equals(volumeId))
            .findFirst();
    boolean room = amount(offer, "cpus") >= 0.1 && amount(offer, "mem") >= 32;
    if (!asked && room && amount(offer, "disk") >= DISK) {
      asked = true;
      Resource reserved = reserved();
      launch(
          offer,
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.RESERVE)
              .setReserve(Offer.Operation.Reserve.newBuilder().addResources(reserved))
              .build(),
          Offer.Operation.newBuilder()
              .setType(Offer.Operation.Type.CREATE)
              .setCreate(Offer.Operation.Create.newBuilder().addVolumes(volumeOf(reserved)))
              .build());
    } else if (volume.isPresent() && !running && runs == RUNS) {
      giveBack(offer, volume.get());
    } else if (volume.isPresent() && !running && room) {
      launch(offer);
    } else {
      client.send(CallFactory.decline(offer, 1));
    }
  }

  /** Unreserved disk of an offer to the role, as it is once it is reserved. */
  private static Resource reserved() {
    return scalar("disk", DISK)
        .addReservations(
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.DYNAMIC)
                .setRole(ROLE))
        .build();
  }

  private Resource volumeOf(Resource reserved) {
    return reserved.toBuilder()
        .setDisk(
            Resource.DiskInfo.newBuilder()
                .setPersistence(Resource.DiskInfo.Persistence.newBuilder().setId(volumeId))
                .setVolume(Volume.newBuilder().setContainerPath("diary").setMode(Volume.Mode.RW)))
        .build();
  }

  /** One ACCEPT may reserve, create and launch: each operation sees what those before it did. */
  private void launch(Offer offer, Offer.Operation... before) {
    running = true;
    String page = "page " + (runs + 1);
    TaskInfo task =
        TaskInfo.newBuilder()
            .setName(page)
            .setTaskId(TaskID.newBuilder().setValue(page.replace(' ', '-') + "-" + volumeId))
            .setAgentId(offer.getAgentId())
            // It fails unless the diary has just the pages that were written before.
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue(
                        "touch diary/pages && test $(wc -l < diary/pages) -eq "
                            + runs
                            + " && echo "
                            + page
                            + " >> diary/pages && cat diary/pages"))
            .addResources(scalar("cpus", 0.1))
            .addResources(scalar("mem", 32))
            .addResources(volumeOf(reserved()))
            .build();
    Offer.Operation[] operations = java.util.Arrays.copyOf(before, before.length + 1);
    operations[before.length] =
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH)
            .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(task))
            .build();
    client.sendUntilKnown(CallFactory.accept(offer, operations), PATIENCE);
  }

  private void giveBack(Offer offer, Resource volume) {
    running = true;
    Resource reserved = volume.toBuilder().clearDisk().build();
    client
        .sendUntilKnown(
            CallFactory.accept(
                offer,
                Offer.Operation.newBuilder()
                    .setType(Offer.Operation.Type.DESTROY)
                    .setDestroy(Offer.Operation.Destroy.newBuilder().addVolumes(volume))
                    .build(),
                Offer.Operation.newBuilder()
                    .setType(Offer.Operation.Type.UNRESERVE)
                    .setUnreserve(Offer.Operation.Unreserve.newBuilder().addResources(reserved))
                    .build()),
            PATIENCE)
        .thenAccept(
            outcome -> {
              out.println("the volume is given back: " + outcome);
              client.teardown();
            });
  }

  private void updated(TaskStatus status) {
    client.acknowledge(status);
    out.println(
        status.getTaskId().getValue() + " " + status.getState() + " " + status.getMessage());
    boolean present = status.getTaskId().getValue().startsWith("page-" + (runs + 1) + "-");
    if (!running || !present || !TaskStates.terminal(status.getState())) {
      return;
    }
    if (status.getState() != TaskState.TASK_FINISHED) {
      throw new IllegalStateException("the diary is not as it was left");
    }
    runs++;
    running = false;
    client.send(CallFactory.revive());
  }
}
