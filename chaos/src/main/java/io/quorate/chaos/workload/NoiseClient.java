package io.quorate.chaos.workload;

import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A framework that behaves badly until it is killed, and is forgotten with its connection.
 *
 * <p>{@code hoard MASTERS FILE} keeps every offer and uses none. {@code twin MASTERS FILE}
 * subscribes with the id that is in the file, or writes the one that it was given there; it comes
 * back whenever another one took the id from it. {@code hang MASTERS FILE} launches a task with an
 * executor that never says a word and does not end when asked to. What it does is printed.
 */
public final class NoiseClient implements SchedulerListener {
  private static final int BACK_MILLIS = 300;
  private static final int TASKS_MAX = 3;

  private final String kind;
  private final List<String> masters;
  private final Path file;

  /** Why each subscription ended; the main thread makes the next one. */
  private final LinkedBlockingQueue<String> endings = new LinkedBlockingQueue<>();

  private SchedulerClient client;
  private int launched;

  private NoiseClient(String kind, List<String> masters, Path file) {
    this.kind = kind;
    this.masters = masters;
    this.file = file;
  }

  /** Goes on until it is killed. */
  public static void main(String[] words) throws IOException, InterruptedException {
    new NoiseClient(words[0], List.of(words[1].split(",")), Path.of(words[2])).run();
  }

  private void run() throws IOException, InterruptedException {
    while (true) {
      synchronized (this) {
        client = new SchedulerClient(masters, info(), this);
        client.start();
      }
      System.out.println("ended: " + endings.take());
      client.close();
      TimeUnit.MILLISECONDS.sleep(BACK_MILLIS);
    }
  }

  private FrameworkInfo info() throws IOException {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName(kind)
            // A twin that is away for a moment must find its framework again.
            .setFailoverTimeout(kind.equals("twin") ? 5 : 0)
            .addRoles(kind);
    for (FrameworkInfo.Capability.Type capability :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE)) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    if (kind.equals("twin") && Files.exists(file)) {
      info.setId(FrameworkID.newBuilder().setValue(Files.readString(file)));
    }
    return info.build();
  }

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> subscribed(event.getSubscribed().getFrameworkId().getValue());
      case OFFERS -> {
        System.out.println("offers: " + event.getOffers().getOffersCount());
        event.getOffers().getOffersList().forEach(this::offered);
      }
      case ERROR -> System.out.println("error: " + event.getError().getMessage());
      case UPDATE ->
          System.out.println(
              "update: "
                  + event.getUpdate().getStatus().getState()
                  + " "
                  + event.getUpdate().getStatus().getReason());
      default -> {}
    }
  }

  private void subscribed(String id) {
    System.out.println("subscribed: " + id);
    try {
      if (kind.equals("twin") && !Files.exists(file)) {
        Files.writeString(file, id);
      }
    } catch (IOException e) {
      System.out.println("not written: " + e);
    }
  }

  /** Offers are not declined: a hoarder and a twin sit on them. */
  private synchronized void offered(Offer offer) {
    if (!kind.equals("hang")
        || launched >= TASKS_MAX
        || DiaryTasks.scalar(offer, "cpus") < 2 * DiaryTasks.CPUS) {
      return;
    }
    String id = "hangs-" + launched++;
    ExecutorInfo.Builder executor = ExecutorInfo.newBuilder().setType(ExecutorInfo.Type.CUSTOM);
    executor
        .addResources(DiaryTasks.resource("cpus", DiaryTasks.CPUS))
        .addResources(DiaryTasks.resource("mem", DiaryTasks.MEM))
        .setCommand(
            CommandInfo.newBuilder()
                .setValue("trap '' TERM INT HUP; while :; do sleep 1; done # " + id))
        .getExecutorIdBuilder()
        .setValue(id);
    Call.Builder call = Call.newBuilder().setType(Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIds(offer.getId());
    Offer.Operation.Builder launch = call.getAcceptBuilder().addOperationsBuilder();
    launch
        .setType(Offer.Operation.Type.LAUNCH)
        .getLaunchBuilder()
        .addTaskInfos(
            TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .setExecutor(executor)
                .addResources(DiaryTasks.resource("cpus", DiaryTasks.CPUS))
                .addResources(DiaryTasks.resource("mem", DiaryTasks.MEM)));
    client.send(call).thenAccept(outcome -> System.out.println("launched " + id + ": " + outcome));
  }

  @Override
  public void ended(String why) {
    endings.add(why);
  }
}
