package io.quorate.cli;

import io.quorate.cluster.LocalCluster;
import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The demo's framework. Each task writes a line into a diary when it starts; a call whose outcome
 * is unknown is repeated as it was, until it is known.
 */
final class DemoFramework implements SchedulerListener, AutoCloseable {
  private static final double CPUS = 0.5;
  private static final double MEM = 64;
  private static final int TASKS_PER_ACCEPT_MAX = 4;

  private final int wanted;
  private final Path diary;
  private final SchedulerClient client;
  private final Queue<Integer> toLaunch = new ConcurrentLinkedQueue<>();
  private final DemoTasks tasks = new DemoTasks();
  private final Map<String, TaskState> reconciled = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Queue<Call.Builder> unknown = new ConcurrentLinkedQueue<>();
  private volatile Consumer<String> onNextAccept;
  private volatile long killedNanos;
  private volatile long subscribedMillis;
  private volatile long offeredMillis;
  private volatile Optional<String> endedEarly = Optional.empty();

  DemoFramework(List<String> masters, int wanted, Path directory) throws IOException {
    this.wanted = wanted;
    this.diary = Files.createDirectory(directory.resolve("diary"));
    for (int i = 0; i < wanted; i++) {
      toLaunch.add(i);
    }
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("quorate demo")
            .setFailoverTimeout(3600)
            .setCheckpoint(true)
            .addRoles("*")
            .addCapabilities(
                FrameworkInfo.Capability.newBuilder()
                    .setType(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(
                FrameworkInfo.Capability.newBuilder()
                    .setType(FrameworkInfo.Capability.Type.PARTITION_AWARE))
            .build();
    this.client = new SchedulerClient(masters, info, this);
  }

  void start() {
    client.start();
  }

  /**
   * Has the leader killed while the next ACCEPT is on its way.
   *
   * @param kill is given the address of the master that the ACCEPT went to; runs on its own thread
   */
  void killOnNextAccept(Consumer<String> kill) {
    onNextAccept = kill;
  }

  int launched() {
    return wanted - toLaunch.size();
  }

  long running() {
    return tasks.running();
  }

  long over() {
    return tasks.over();
  }

  boolean allOver() {
    return over() == wanted;
  }

  long subscribedAfterKillMillis() {
    return subscribedMillis;
  }

  long offeredAfterKillMillis() {
    return offeredMillis;
  }

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> {
        if (killedNanos != 0 && subscribedMillis == 0) {
          subscribedMillis = sinceKill();
        }
        repeatUnknown();
      }
      case OFFERS -> {
        if (killedNanos != 0 && subscribedMillis != 0 && offeredMillis == 0) {
          offeredMillis = sinceKill();
        }
        event.getOffers().getOffersList().forEach(this::offered);
      }
      case UPDATE -> updated(event.getUpdate().getStatus());
      default -> {}
    }
  }

  @Override
  public void ended(String why) {
    endedEarly = Optional.of(why);
  }

  private long sinceKill() {
    return Math.max(1, (System.nanoTime() - killedNanos) / 1_000_000);
  }

  private void offered(Offer offer) {
    // Offers outlive their leader: the next one sends them again, also those whose ACCEPT is to be
    // repeated. An offer can be used once.
    if (!answered.add(offer.getId().getValue())) {
      return;
    }
    Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
    double cpus = RunCommand.scalar(offer, "cpus");
    double mem = RunCommand.scalar(offer, "mem");
    while (!toLaunch.isEmpty()
        && launch.getTaskInfosCount() < TASKS_PER_ACCEPT_MAX
        && cpus >= CPUS
        && mem >= MEM) {
      launch.addTaskInfos(task(toLaunch.poll(), offer));
      cpus -= CPUS;
      mem -= MEM;
    }
    if (launch.getTaskInfosCount() == 0) {
      boolean more = !toLaunch.isEmpty();
      Call.Decline.Builder decline = Call.Decline.newBuilder().addOfferIds(offer.getId());
      decline.getFiltersBuilder().setRefuseSeconds(more ? 1 : 5);
      send(Call.newBuilder().setType(Call.Type.DECLINE).setDecline(decline));
      return;
    }
    Call.Accept.Builder accept =
        Call.Accept.newBuilder()
            .addOfferIds(offer.getId())
            .addOperations(
                Offer.Operation.newBuilder()
                    .setType(Offer.Operation.Type.LAUNCH)
                    .setLaunch(launch));
    accept.getFiltersBuilder().setRefuseSeconds(0);
    send(Call.newBuilder().setType(Call.Type.ACCEPT).setAccept(accept));
    Consumer<String> kill = onNextAccept;
    Optional<String> leader = client.leader();
    if (kill != null && leader.isPresent()) {
      onNextAccept = null;
      killedNanos = System.nanoTime();
      new Thread(() -> kill.accept(leader.get()), "killer").start();
    }
  }

  /** Every fourth task is long: it is running when the leader dies. */
  private TaskInfo.Builder task(int number, Offer offer) {
    String id = "demo-" + number;
    double seconds = number % 4 == 0 ? 6 : 0.5;
    String command = "echo started >> " + diary.resolve(id) + "; sleep " + seconds + "; exit 0";
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue(command))
        .addResources(RunCommand.scalar("cpus", CPUS))
        .addResources(RunCommand.scalar("mem", MEM));
  }

  /** Sends a call; one that may or may not have been done is repeated at the next leader. */
  private void send(Call.Builder call) {
    var unused =
        client
            .send(call.clone())
            .thenAccept(
                outcome -> {
                  if (outcome instanceof Outcome.Unknown) {
                    unknown.add(call);
                  }
                });
  }

  private void repeatUnknown() {
    List<Call.Builder> again = new ArrayList<>();
    for (Call.Builder call = unknown.poll(); call != null; call = unknown.poll()) {
      again.add(call);
    }
    again.forEach(this::send);
  }

  private void updated(TaskStatus status) {
    String id = status.getTaskId().getValue();
    if (status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION && !status.hasUuid()) {
      reconciled.put(id, status.getState());
      return;
    }
    tasks.told(id, status.getState());
    if (status.hasUuid()) {
      send(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }
  }

  /** Asks about every task: all are over and acknowledged, so none is known any more. */
  boolean reconcile(Duration atMost) {
    Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
    for (int i = 0; i < wanted; i++) {
      reconcile.addTasks(
          Call.Reconcile.Task.newBuilder().setTaskId(TaskID.newBuilder().setValue("demo-" + i)));
    }
    return LocalCluster.await(
        atMost,
        () -> {
          if (reconciled.size() < wanted) {
            var unused =
                client
                    .send(
                        Call.newBuilder()
                            .setType(Call.Type.RECONCILE)
                            .setReconcile(reconcile.clone()))
                    .join();
          }
          return reconciled.size() == wanted
              && reconciled.values().stream()
                  .allMatch(
                      state -> state == TaskState.TASK_UNKNOWN || state == TaskState.TASK_FINISHED);
        });
  }

  /**
   * What went wrong; empty if nothing did.
   *
   * @param agreed whether reconciliation came to its end
   */
  List<String> verdict(boolean agreed) throws IOException {
    List<String> wrong = new ArrayList<>();
    endedEarly.ifPresent(why -> wrong.add("the master ended the framework: " + why));
    if (!agreed) {
      wrong.add("reconciliation does not agree: " + reconciled);
    }
    Map<String, Long> starts = new HashMap<>();
    try (Stream<Path> files = Files.list(diary)) {
      for (Path file : files.toList()) {
        starts.put(file.getFileName().toString(), (long) Files.readAllLines(file).size());
      }
    }
    for (int i = 0; i < wanted; i++) {
      String id = "demo-" + i;
      List<TaskState> seen = tasks.states(id);
      if (starts.getOrDefault(id, 0L) != 1) {
        wrong.add(id + " ran " + starts.getOrDefault(id, 0L) + " times");
      }
      boolean once =
          seen.stream().filter(TaskStates::terminal).distinct().count() == 1
              && seen.contains(TaskState.TASK_FINISHED);
      if (!once) {
        wrong.add(id + " was told as " + seen);
      }
    }
    return wrong;
  }

  @Override
  public void close() {
    client.teardown();
  }
}
