package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A framework that launches, kills and reconciles, and writes down all of it. */
@Command(name = "launch")
public class LaunchClient extends WorkloadClient implements SchedulerListener {
  private static final int TASKS_PER_ACCEPT_MAX = 20;
  private static final Duration RECONCILE_EVERY = Duration.ofSeconds(3);
  private static final double REFUSE_SECONDS = 0.2;

  /** How often, and how fast, an ACCEPT is sent again whose outcome nobody knows. */
  private static final int ATTEMPTS_MAX = 20;

  private static final long REPEAT_MILLIS = 500;

  /** One ACCEPT in so many is sent once more though it was done. */
  private static final int REPEATED = 10;

  /** What every second framework may have of 8 cpus: the others must not feel it. */
  private static final double LIMIT_CPUS = 4;

  /** As long as a cluster may take to start. */
  private static final Duration LIMIT_WITHIN = Duration.ofSeconds(60);

  final TaskBook book = new TaskBook();
  SplittableRandom random;
  private SchedulerClient client;
  private Rate launches;
  private Rate kills;
  private long reconciledNanos;
  private volatile boolean working = true;
  private int lastTask;

  public static void main(String[] args) {
    System.exit(new CommandLine(new LaunchClient()).execute(args));
  }

  @Override
  void begin() {
    random = new SplittableRandom(seed);
    if (number % 2 == 0) {
      limit();
    }
    launches = new Rate(rate, System.nanoTime());
    kills = new Rate(killsPerSecond(), System.nanoTime());
    client = new SchedulerClient(masters, info(), this);
    client.start();
  }

  private FrameworkInfo info() {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("root")
            .setName(name)
            .setFailoverTimeout(3600)
            .setCheckpoint(true)
            .addRoles(role());
    for (FrameworkInfo.Capability.Type capability :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE)) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    return info.build();
  }

  private String role() {
    return "chaos-" + number;
  }

  /**
   * Sets the role's limit, which may be done twice.
   *
   * @throws IllegalStateException if no master does it in time, or one refuses; it says why
   */
  void limit() {
    ObjectNode call = Json.object().put("type", "UPDATE_QUOTA");
    ObjectNode quota = call.putObject("update_quota");
    quota.put("force", true);
    quota
        .putArray("quota_configs")
        .addObject()
        .put("role", role())
        .putObject("limits")
        .putObject("cpus")
        .put("value", LIMIT_CPUS);
    OperatorApi.Answer answer = new OperatorApi().orderUntilKnown(masters, call, LIMIT_WITHIN);
    if (answer.outcome() != OperatorApi.Outcome.OK) {
      throw new IllegalStateException("no limit for " + role() + ": " + answer.why());
    }
  }

  // -- What kinds of frameworks differ in --------------------------------------------------------

  /** Every fifth task is killed before its time. */
  double killsPerSecond() {
    return rate / 5;
  }

  /** How many tasks to launch now, if there is room for so many on the agent. */
  int due(Offer offer, int room) {
    return launches.take(Math.min(room, TASKS_PER_ACCEPT_MAX), System.nanoTime());
  }

  /** How long the next task goes on: most are short, some go on until they are killed. */
  double seconds() {
    return random.nextInt(10) == 0 ? 600 : random.nextInt(1, 30) / 10.0;
  }

  /** How many tasks there is room for. */
  int room(double cpus, double mem) {
    return (int) Math.min(cpus / DiaryTasks.CPUS + 1e-6, mem / DiaryTasks.MEM + 1e-6);
  }

  /**
   * One task.
   *
   * @param directory of the agent's node, where the diary is
   */
  TaskInfo task(Offer offer, String id, Path directory) {
    return DiaryTasks.process(offer, id, seconds(), directory);
  }

  // -- What it does by itself -------------------------------------------------------------------

  @Override
  void tick(Phase phase) {
    if (working != (phase == Phase.WORK) || reconciledNanos == 0) {
      working = phase == Phase.WORK;
      recorder.event("wants", "", Json.object().put("wants", working));
    }
    long now = System.nanoTime();
    if (now - reconciledNanos > RECONCILE_EVERY.toNanos()) {
      reconciledNanos = now;
      reconcile();
      if (!working) {
        book.settled().forEach(this::kill);
      }
    }
    if (working) {
      List<TaskBook.Entry> candidates =
          book.open().stream().filter(entry -> entry.certain && !entry.killAsked).toList();
      for (int i = kills.take(1, now); i > 0 && !candidates.isEmpty(); i--) {
        kill(candidates.get(random.nextInt(candidates.size())));
      }
    }
  }

  @Override
  boolean isDone() {
    return book.open().isEmpty();
  }

  @Override
  void end() {
    ObjectNode value = Json.object();
    long id = recorder.invoke("teardown", "", value);
    complete(id, "teardown", "", value, client.teardown());
  }

  private void kill(TaskBook.Entry task) {
    task.killAsked = true;
    Call.Builder call = Call.newBuilder().setType(Call.Type.KILL);
    call.getKillBuilder().setTaskId(TaskID.newBuilder().setValue(task.id));
    // One that perhaps never arrived is asked for again.
    var unused =
        send(call, "kill", task.id, Json.object())
            .thenAccept(outcome -> task.killAsked = outcome instanceof Outcome.Done);
  }

  /** All that it knows, or whatever the master knows. */
  private void reconcile() {
    List<TaskBook.Entry> open = book.settled();
    ObjectNode value = Json.object();
    ArrayNode tasks = value.putArray("tasks");
    Call.Builder call = Call.newBuilder().setType(Call.Type.RECONCILE);
    call.getReconcileBuilder();
    if (!working || random.nextInt(4) != 0) {
      for (TaskBook.Entry entry : open) {
        tasks.add(entry.id);
        call.getReconcileBuilder()
            .addTasksBuilder()
            .setTaskId(TaskID.newBuilder().setValue(entry.id))
            .getAgentIdBuilder()
            .setValue(entry.agent);
      }
      if (open.isEmpty()) {
        return;
      }
    }
    var unused = send(call, "reconcile", "", value);
  }

  // -- What it is told --------------------------------------------------------------------------

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED ->
          recorder.event(
              "subscribed",
              event.getSubscribed().getFrameworkId().getValue(),
              Json.object()
                  .put("master", event.getSubscribed().getMasterInfo().getHostname())
                  .put("index", event.getLogIndex()));
      case OFFERS -> event.getOffers().getOffersList().forEach(this::offered);
      case RESCIND ->
          recorder.event("rescind", event.getRescind().getOfferId().getValue(), Json.object());
      case UPDATE -> updated(event);
      case FAILURE -> recorder.event("failure", "", Json.object());
      case ERROR ->
          recorder.event("error", "", Json.object().put("message", event.getError().getMessage()));
      default -> {}
    }
  }

  @Override
  public void disconnected(String why) {
    recorder.event("disconnected", "", Json.object().put("why", why));
  }

  @Override
  public void ended(String why) {
    recorder.event("ended", "", Json.object().put("why", why));
  }

  private void updated(Event event) {
    TaskStatus status = event.getUpdate().getStatus();
    String task = status.getTaskId().getValue();
    ObjectNode value =
        Json.object()
            .put("state", status.getState().name())
            .put("agent", status.getAgentId().getValue())
            .put("reason", status.getReason().name())
            .put("source", status.getSource().name())
            .put("message", status.getMessage())
            .put("timestamp", status.getTimestamp())
            .put("index", event.getLogIndex());
    if (status.hasUuid()) {
      value.put("uuid", uuid(status));
    }
    recorder.event("update", task, value);
    book.told(task, status.getState());
    if (status.hasUuid()) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.ACKNOWLEDGE);
      call.getAcknowledgeBuilder()
          .setAgentId(status.getAgentId())
          .setTaskId(status.getTaskId())
          .setUuid(status.getUuid());
      // Before it is sent: whether it arrived may never be known.
      recorder.event("acknowledged", task, Json.object().put("uuid", uuid(status)));
      var unused = client.send(call);
    }
  }

  private static String uuid(TaskStatus status) {
    return Base64.getEncoder().encodeToString(status.getUuid().toByteArray());
  }

  private void offered(Offer offer) {
    double cpus = DiaryTasks.scalar(offer, "cpus");
    double mem = DiaryTasks.scalar(offer, "mem");
    recorder.event(
        "offer",
        offer.getId().getValue(),
        Json.object()
            .put("agent", offer.getAgentId().getValue())
            .put("host", offer.getHostname())
            .put("cpus", cpus)
            .put("mem", mem));
    int room = room(cpus, mem);
    int count = working ? due(offer, room) : 0;
    if (count == 0) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.DECLINE);
      call.getDeclineBuilder().addOfferIds(offer.getId());
      call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(working ? REFUSE_SECONDS : 60);
      var unused = send(call, "decline", offer.getId().getValue(), Json.object());
    } else {
      accept(offer, count);
    }
  }

  private void accept(Offer offer, int count) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIds(offer.getId());
    call.getAcceptBuilder().getFiltersBuilder().setRefuseSeconds(0);
    Offer.Operation.Builder operation = call.getAcceptBuilder().addOperationsBuilder();
    operation.setType(Offer.Operation.Type.LAUNCH);
    List<String> ids = new ArrayList<>();
    ObjectNode value =
        Json.object()
            .put("offer", offer.getId().getValue())
            .put("agent", offer.getAgentId().getValue())
            .put("framework", offer.getFrameworkId().getValue());
    for (int i = 0; i < count; i++) {
      String id = name + "-" + (++lastTask);
      ids.add(id);
      operation
          .getLaunchBuilder()
          .addTaskInfos(task(offer, id, nodes.resolve(offer.getHostname())));
      book.launching(id, offer.getAgentId().getValue());
    }
    List<Long> invocations = new ArrayList<>();
    for (String id : ids) {
      invocations.add(recorder.invoke("launch", id, value));
    }
    boolean repeated = random.nextInt(REPEATED) == 0;
    var unused =
        untilKnown(call, ATTEMPTS_MAX)
            .thenAccept(
                outcome -> {
                  for (int i = 0; i < ids.size(); i++) {
                    complete(invocations.get(i), "launch", ids.get(i), value, outcome);
                    if (outcome instanceof Outcome.Refused) {
                      book.never(ids.get(i));
                    } else {
                      book.launched(ids.get(i), outcome instanceof Outcome.Done);
                    }
                  }
                  if (repeated && outcome instanceof Outcome.Done) {
                    var unusedAnswer =
                        send(call, "repeat", offer.getId().getValue(), Json.object());
                  }
                });
  }

  /**
   * Sends the same call until somebody says what became of it. A refusal of one that may have been
   * done before says nothing.
   */
  private CompletableFuture<Outcome> untilKnown(Call.Builder call, int attempts) {
    return client
        .send(call)
        .thenCompose(
            outcome ->
                outcome instanceof Outcome.Unknown && attempts > 1
                    ? CompletableFuture.supplyAsync(
                            () -> untilKnown(call, attempts - 1),
                            CompletableFuture.delayedExecutor(REPEAT_MILLIS, TimeUnit.MILLISECONDS))
                        .thenCompose(again -> again)
                        .thenApply(again -> again instanceof Outcome.Done ? again : outcome)
                    : CompletableFuture.completedFuture(outcome));
  }

  private CompletableFuture<Outcome> send(
      Call.Builder call, String f, String key, ObjectNode value) {
    long id = recorder.invoke(f, key, value);
    return client
        .send(call)
        .whenComplete((outcome, failure) -> complete(id, f, key, value, outcome));
  }

  private void complete(long id, String f, String key, ObjectNode value, Outcome outcome) {
    if (outcome instanceof Outcome.Done) {
      recorder.complete(id, Op.Type.OK, f, key, value, "");
    } else if (outcome instanceof Outcome.Refused refused) {
      recorder.complete(
          id, Op.Type.FAIL, f, key, value, refused.status() + " " + refused.message());
    } else if (outcome instanceof Outcome.Unknown unknown) {
      recorder.complete(id, Op.Type.INFO, f, key, value, unknown.why());
    }
  }
}
