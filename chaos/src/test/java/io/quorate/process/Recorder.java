package io.quorate.process;

import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.AgentID;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A framework that launches what it is given and records all that it is told. A call whose outcome
 * is unknown is repeated, as it was, after the next subscription.
 */
public final class Recorder implements SchedulerListener, AutoCloseable {
  static final double CPUS = 0.1;
  static final double MEM = 8;

  final SchedulerClient client;
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Map<String, List<TaskStatus>> updates = new ConcurrentHashMap<>();
  final Set<String> frameworkIds = ConcurrentHashMap.newKeySet();
  final List<String> refusals = new CopyOnWriteArrayList<>();
  final List<String> turnedDown = new CopyOnWriteArrayList<>();
  private final Map<String, TaskInfo.Builder> tasks = new ConcurrentHashMap<>();
  final List<String> endings = new CopyOnWriteArrayList<>();
  private final Queue<TaskInfo.Builder> toLaunch = new ConcurrentLinkedQueue<>();
  private final Queue<Call.Builder> unknown = new ConcurrentLinkedQueue<>();
  private volatile int perAccept = 10;

  public Recorder(List<String> masters) {
    this(masters, 3600);
  }

  Recorder(List<String> masters, double failoverSeconds, FrameworkInfo.Capability.Type... more) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("recorder")
            .setFailoverTimeout(failoverSeconds)
            .setCheckpoint(true)
            .addRoles("*")
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE));
    for (FrameworkInfo.Capability.Type type : more) {
      info.addCapabilities(capability(type));
    }
    client = new SchedulerClient(masters, info.build(), this);
  }

  private static FrameworkInfo.Capability.Builder capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type);
  }

  public Recorder start() {
    client.start();
    return this;
  }

  Recorder perAccept(int tasks) {
    perAccept = tasks;
    return this;
  }

  /** Launches a shell command on whatever is offered. */
  public void launch(String id, String command) {
    launch(id, CommandInfo.newBuilder().setValue(command).build());
  }

  void launch(String id, CommandInfo command) {
    launch(
        TaskInfo.newBuilder()
            .setName(id)
            .setTaskId(TaskID.newBuilder().setValue(id))
            .setCommand(command));
  }

  void launch(TaskInfo.Builder task) {
    tasks.put(task.getTaskId().getValue(), task.clone());
    toLaunch.add(task);
    if (client.leader().isPresent()) {
      send(Call.newBuilder().setType(Call.Type.REVIVE));
    }
  }

  /** The states of a task, in the order told, repeats left out. */
  public List<TaskState> states(String id) {
    List<TaskState> states = new ArrayList<>();
    for (TaskStatus taskStatus : told(id)) {
      states.add(taskStatus.getState());
    }
    return states;
  }

  /** The updates of a task, in the order first told; the same uuid again is left out. */
  List<TaskStatus> told(String id) {
    Map<String, TaskStatus> byUuid = new LinkedHashMap<>();
    int own = 0;
    for (TaskStatus taskStatus : List.copyOf(updates.getOrDefault(id, List.of()))) {
      String key =
          taskStatus.hasUuid()
              ? taskStatus.getUuid().toStringUtf8() + taskStatus.getUuid().hashCode()
              : "m" + own++;
      byUuid.putIfAbsent(key, taskStatus);
    }
    return List.copyOf(byUuid.values());
  }

  TaskStatus last(String id) {
    List<TaskStatus> told = told(id);
    return told.isEmpty() ? TaskStatus.getDefaultInstance() : told.get(told.size() - 1);
  }

  boolean over(String id) {
    return told(id).stream().anyMatch(candidate -> terminal(candidate.getState()));
  }

  static boolean terminal(TaskState state) {
    return switch (state) {
      case TASK_STAGING,
          TASK_STARTING,
          TASK_RUNNING,
          TASK_KILLING,
          TASK_UNREACHABLE,
          TASK_UNKNOWN ->
          false;
      default -> true;
    };
  }

  void kill(String id) {
    send(
        Call.newBuilder()
            .setType(Call.Type.KILL)
            .setKill(Call.Kill.newBuilder().setTaskId(TaskID.newBuilder().setValue(id))));
  }

  @Override
  public void event(Event event) {
    events.add(event);
    switch (event.getType()) {
      case SUBSCRIBED -> {
        frameworkIds.add(event.getSubscribed().getFrameworkId().getValue());
        List<Call.Builder> again = new ArrayList<>();
        for (Call.Builder call = unknown.poll(); call != null; call = unknown.poll()) {
          again.add(call);
        }
        again.forEach(this::send);
      }
      case OFFERS -> event.getOffers().getOffersList().forEach(this::offered);
      case UPDATE -> updated(event.getUpdate().getStatus());
      default -> {}
    }
  }

  @Override
  public void ended(String why) {
    endings.add(why);
  }

  private void offered(Offer offer) {
    double cpus = scalar(offer, "cpus");
    double mem = scalar(offer, "mem");
    Offer.Operation.Launch.Builder launch = Offer.Operation.Launch.newBuilder();
    while (launch.getTaskInfosCount() < perAccept && cpus >= CPUS && mem >= MEM) {
      TaskInfo.Builder task = toLaunch.poll();
      if (task == null) {
        break;
      }
      launch.addTaskInfos(on(offer.getAgentId(), task));
      cpus -= CPUS;
      mem -= MEM;
    }
    if (launch.getTaskInfosCount() == 0) {
      Call.Decline.Builder decline = Call.Decline.newBuilder().addOfferIds(offer.getId());
      decline.getFiltersBuilder().setRefuseSeconds(1);
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
  }

  private static TaskInfo.Builder on(AgentID agent, TaskInfo.Builder task) {
    if (task.getResourcesCount() == 0) {
      task.addResources(resource("cpus", CPUS)).addResources(resource("mem", MEM));
    }
    return task.setAgentId(agent);
  }

  static Resource.Builder resource(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  static double scalar(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private void updated(TaskStatus status) {
    if (status.getReason() == TaskStatus.Reason.REASON_INVALID_OFFERS) {
      // The offer was taken back while the ACCEPT was on its way: the task never was, so again.
      turnedDown.add(status.getTaskId().getValue());
      launch(tasks.get(status.getTaskId().getValue()).clone());
      return;
    }
    updates
        .computeIfAbsent(
            status.getTaskId().getValue(), key -> Collections.synchronizedList(new ArrayList<>()))
        .add(status);
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

  void send(Call.Builder call) {
    var unused =
        client
            .send(call.clone())
            .thenAccept(
                outcome -> {
                  if (outcome instanceof Outcome.Unknown) {
                    unknown.add(call);
                  } else if (outcome instanceof Outcome.Refused refused) {
                    refusals.add(call.getType() + ": " + refused.message());
                  }
                });
  }

  @Override
  public void close() {
    client.close();
  }
}
