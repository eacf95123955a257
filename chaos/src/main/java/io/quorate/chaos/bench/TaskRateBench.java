package io.quorate.chaos.bench;

import io.quorate.cluster.LocalCluster;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Command tasks per second on one agent: {@code true}, from the first launch to the last end. */
final class TaskRateBench implements SchedulerListener {
  private static final double CPUS = 0.1;
  private static final double MEM = 8;
  private static final Duration LONG = Duration.ofMinutes(5);

  private final int wanted;
  private final Set<String> finished = ConcurrentHashMap.newKeySet();
  private SchedulerClient client;
  private int launched;
  private volatile long firstNanos;
  private volatile long lastNanos;

  private TaskRateBench(int wanted) {
    this.wanted = wanted;
  }

  static void run(Path directory, int tasks) throws Exception {
    String resources = "cpus:8;mem:4096;disk:1000;ports:[31000-32000]";
    try (LocalCluster cluster =
        LocalCluster.start(new LocalCluster.Plan(directory, 3, 1, 0, resources, false))) {
      cluster.awaitServing(Duration.ofSeconds(60));
      TaskRateBench framework = new TaskRateBench(tasks);
      FrameworkInfo info =
          FrameworkInfo.newBuilder()
              .setUser(System.getProperty("user.name"))
              .setName("bench")
              .setFailoverTimeout(60)
              .build();
      framework.client = new SchedulerClient(cluster.masters(), info, framework);
      framework.client.start();
      LocalCluster.await(LONG, () -> framework.finished.size() == tasks);
      double seconds = (framework.lastNanos - framework.firstNanos) / 1e9;
      System.out.printf(
          "%d `true` command tasks on one agent, three masters: %.1f tasks/s (%.1f s)%n",
          framework.finished.size(), framework.finished.size() / seconds, seconds);
      framework.client.teardown();
    }
  }

  @Override
  public void event(Event event) {
    if (event.getType() == Event.Type.OFFERS) {
      event.getOffers().getOffersList().forEach(this::offered);
    } else if (event.getType() == Event.Type.UPDATE) {
      updated(event.getUpdate().getStatus());
    }
  }

  private void offered(Offer offer) {
    if (firstNanos == 0) {
      firstNanos = System.nanoTime();
    }
    double cpus = scalar(offer, "cpus");
    double mem = scalar(offer, "mem");
    Call.Accept.Builder accept = Call.Accept.newBuilder().addOfferIds(offer.getId());
    accept.getFiltersBuilder().setRefuseSeconds(0);
    Offer.Operation.Builder operation =
        accept.addOperationsBuilder().setType(Offer.Operation.Type.LAUNCH);
    while (launched < wanted && cpus >= CPUS && mem >= MEM) {
      cpus -= CPUS;
      mem -= MEM;
      operation
          .getLaunchBuilder()
          .addTaskInfos(
              TaskInfo.newBuilder()
                  .setName("true")
                  .setTaskId(TaskID.newBuilder().setValue("b" + launched++))
                  .setAgentId(offer.getAgentId())
                  .setCommand(CommandInfo.newBuilder().setValue("true"))
                  .addResources(resource("cpus", CPUS))
                  .addResources(resource("mem", MEM)));
    }
    if (launched == wanted && operation.getLaunch().getTaskInfosCount() == 0) {
      accept.getFiltersBuilder().setRefuseSeconds(60);
    }
    var unused = client.send(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
  }

  private void updated(TaskStatus status) {
    if (status.hasUuid()) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.ACKNOWLEDGE);
      call.getAcknowledgeBuilder()
          .setAgentId(status.getAgentId())
          .setTaskId(status.getTaskId())
          .setUuid(status.getUuid());
      var unused = client.send(call);
    }
    if (status.getState() == TaskState.TASK_FINISHED) {
      lastNanos = System.nanoTime();
      finished.add(status.getTaskId().getValue());
    }
  }

  private static double scalar(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private static Resource.Builder resource(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }
}
