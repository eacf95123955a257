package io.quorate.process;

import static org.awaitility.Awaitility.await;

import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionTimeoutException;

/** A framework that does nothing by itself but acknowledge: a test plays its every move. */
final class Hand implements SchedulerListener, AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(150);

  final SchedulerClient client;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Map<String, Offer> offers = new ConcurrentHashMap<>();
  private final List<CompletableFuture<Outcome>> acknowledgements = new CopyOnWriteArrayList<>();

  Hand(List<String> masters, String role) {
    this(masters, info(role).build(), 0);
  }

  /** Takes over from an earlier one, whose events are known up to an index. */
  Hand(List<String> masters, FrameworkInfo info, long lastIndex) {
    client = new SchedulerClient(masters, info, this).resumeAfter(lastIndex);
    client.start();
  }

  /** One that logs in. */
  Hand(List<String> masters, FrameworkInfo info, BasicCredential credential) {
    client = new SchedulerClient(masters, info, this).authenticateAs(credential);
    client.start();
  }

  static FrameworkInfo.Builder info(String role) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("hand")
            .setFailoverTimeout(3600)
            .setCheckpoint(true)
            .addRoles(role);
    for (FrameworkInfo.Capability.Type type :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT)) {
      info.addCapabilitiesBuilder().setType(type);
    }
    return info;
  }

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case OFFERS ->
          event
              .getOffers()
              .getOffersList()
              .forEach(offer -> offers.put(offer.getId().getValue(), offer));
      case RESCIND -> offers.remove(event.getRescind().getOfferId().getValue());
      case UPDATE -> acknowledge(event.getUpdate().getStatus());
      case UPDATE_OPERATION_STATUS -> acknowledge(event.getUpdateOperationStatus().getStatus());
      default -> {}
    }
    // Who sees an event finds what it led to.
    events.add(event);
  }

  @Override
  public void ended(String why) {
    throw new AssertionError(why);
  }

  private void acknowledge(TaskStatus status) {
    if (status.hasUuid()) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.ACKNOWLEDGE);
      call.getAcknowledgeBuilder()
          .setAgentId(status.getAgentId())
          .setTaskId(status.getTaskId())
          .setUuid(status.getUuid());
      acknowledgements.add(client.send(call));
    }
  }

  private void acknowledge(OperationStatus status) {
    if (status.hasUuid()) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.ACKNOWLEDGE_OPERATION_STATUS);
      call.getAcknowledgeOperationStatusBuilder()
          .setAgentId(status.getAgentId())
          .setOperationId(status.getOperationId())
          .setUuid(status.getUuid().getValue());
      acknowledgements.add(client.send(call));
    }
  }

  /** Waits until the masters have every acknowledgement so far. */
  void awaitAcknowledged() {
    await("acknowledgements")
        .atMost(LONG)
        .until(() -> acknowledgements.stream().allMatch(CompletableFuture::isDone));
  }

  /** Any offer that is outstanding; waits for one. */
  Offer offer() {
    await("an offer").atMost(LONG).until(() -> !offers.isEmpty());
    return offers.values().iterator().next();
  }

  /** One of this host's; what others offer waits. */
  Offer offerOf(String hostname) {
    await("an offer of " + hostname).atMost(LONG).until(() -> find(hostname).isPresent());
    return find(hostname).orElseThrow();
  }

  private Optional<Offer> find(String hostname) {
    return offers.values().stream().filter(offer -> offer.getHostname().equals(hostname)).findAny();
  }

  /** Accepts an offer; as long as nobody knows what became of it, it is said again. */
  Outcome accept(Offer offer, Offer.Operation.Builder... operations) {
    offers.remove(offer.getId().getValue());
    Call.Builder call = Call.newBuilder().setType(Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIds(offer.getId());
    call.getAcceptBuilder().getFiltersBuilder().setRefuseSeconds(0);
    for (Offer.Operation.Builder builder : operations) {
      call.getAcceptBuilder().addOperations(builder);
    }
    return await("what became of the ACCEPT")
        .atMost(Duration.ofSeconds(150))
        .until(
            () -> client.send(call.clone()).join(),
            outcome -> !(outcome instanceof Outcome.Unknown));
  }

  static Offer.Operation.Builder launch(TaskInfo.Builder task) {
    Offer.Operation.Builder operation = Offer.Operation.newBuilder();
    operation.setType(Offer.Operation.Type.LAUNCH).getLaunchBuilder().addTaskInfos(task);
    return operation;
  }

  static TaskInfo.Builder task(Offer offer, String id, String command) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue(command))
        .addResources(Recorder.resource("cpus", 0.1))
        .addResources(Recorder.resource("mem", 8));
  }

  /** Waits until the task was told to be in a state; that status. */
  TaskStatus awaitState(String task, TaskState state) {
    try {
      await(task + " " + state)
          .atMost(LONG)
          .until(() -> statuses(task).stream().anyMatch(status -> status.getState() == state));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(task + " was never " + state + ", but " + statuses(task), e);
    }
    return statuses(task).stream()
        .filter(status -> status.getState() == state)
        .findFirst()
        .orElseThrow();
  }

  List<TaskStatus> statuses(String task) {
    return events.stream()
        .filter(Event::hasUpdate)
        .map(event -> event.getUpdate().getStatus())
        .filter(status -> status.getTaskId().getValue().equals(task))
        .toList();
  }

  List<OperationStatus> operations(String id) {
    return events.stream()
        .filter(Event::hasUpdateOperationStatus)
        .map(event -> event.getUpdateOperationStatus().getStatus())
        .filter(status -> status.getOperationId().getValue().equals(id))
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
