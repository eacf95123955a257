package io.quorate.chaos.simulate.framework;

import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.DeliveryRecord;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.world.World;
import io.quorate.driver.ClientCore;
import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The user of a driver: a scheduler that keeps to the API, whose connection and whose process are
 * lost now and then, and which repeats what it does not know the outcome of. How it gets to the
 * leader and stays there is the driver's own core.
 */
public final class SimulatedFramework {
  private final World world;
  private final List<SimulatedMember> members;
  private final Invariants invariants;
  private final int number;
  private final double failoverSeconds;
  private final boolean checkpoint;

  /** Whether it asks for what it missed; else for all that is unacknowledged. */
  private final boolean resumes;

  private final InjectedBug injectedBug;
  private final DeliveryRecord.FrameworkDelivery delivery;
  private final TreeMap<String, Offer> offers = new TreeMap<>();
  private final TreeSet<String> inverseOffers = new TreeSet<>();
  private final TreeSet<String> tasks = new TreeSet<>();
  private final List<Call> doubtful = new ArrayList<>();
  private String id = "";
  private SimulatedClient client;
  private boolean repeats;
  private boolean careful;
  private boolean ended;

  public SimulatedFramework(
      World world,
      List<SimulatedMember> members,
      Invariants invariants,
      InjectedBug injectedBug,
      int number) {
    this.world = world;
    this.members = members;
    this.invariants = invariants;
    this.injectedBug = injectedBug;
    this.delivery = invariants.delivery();
    this.number = number;
    this.failoverSeconds = world.oneIn(4) ? 0 : 5 + world.below(60);
    this.checkpoint = world.below(3) > 0;
    this.resumes = world.oneIn(2);
    world.after(world.between(0, 2 * World.SECOND), this::connect);
  }

  private String name() {
    return "framework " + number;
  }

  String id() {
    return id;
  }

  public boolean connected() {
    return client != null && client.core().leader().isPresent() && known();
  }

  /** Not between the head of an answer and its first event. */
  private boolean known() {
    return client.core().frameworkId().map(FrameworkID::getValue).filter(id::equals).isPresent();
  }

  public List<Offer> offers() {
    return List.copyOf(offers.values());
  }

  public List<String> inverseOffers() {
    return List.copyOf(inverseOffers);
  }

  public List<String> tasks() {
    return List.copyOf(tasks);
  }

  /** From here on it acknowledges everything at once, and wants nothing new. */
  public void wrapUp() {
    careful = true;
  }

  // -- The stream -------------------------------------------------------------------------------

  /** What one instance of the scheduler hears; only the latest does anything about it. */
  private final class Listener implements SchedulerListener {
    private SimulatedClient heardBy;

    @Override
    public void event(Event event) {
      if (heardBy == client) {
        take(event);
      }
    }

    @Override
    public void ended(String why) {
      if (heardBy == client) {
        world.note(name() + " ended: " + why);
        if (why.equals("Framework has been removed")) {
          begin();
        }
        world.after(world.between(10 * World.MILLI, 3 * World.SECOND), () -> connectAnew(heardBy));
      }
    }
  }

  private FrameworkInfo info() {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("u")
            .setName(name())
            .setFailoverTimeout(failoverSeconds)
            .setCheckpoint(checkpoint)
            .addRoles("*")
            .addRoles("dev");
    for (FrameworkInfo.Capability.Type capability :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
            FrameworkInfo.Capability.Type.SHARED_RESOURCES)) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    if (!id.isEmpty()) {
      info.setId(FrameworkID.newBuilder().setValue(id));
    }
    return info.build();
  }

  /** Also while connected: another instance of the scheduler takes over, where this one was. */
  public void connect() {
    if (ended) {
      return;
    }
    List<String> addresses =
        new ArrayList<>(members.stream().map(SimulatedClient::address).toList());
    Collections.rotate(addresses, world.below(addresses.size()));
    ClientCore core = new ClientCore(addresses, info(), world.chance());
    SimulatedClient old = client;
    if (resumes) {
      core.resumeAfter(old == null || id.isEmpty() ? 0 : old.core().lastIndex());
    }
    Listener listener = new Listener();
    client = new SimulatedClient(world, members, injectedBug, core, listener);
    listener.heardBy = client;
    client.start();
    if (old != null) {
      world.after(world.between(0, 2 * World.SECOND), old::close);
    }
  }

  /** If nobody did meanwhile. */
  private void connectAnew(SimulatedClient instead) {
    if (client == instead) {
      connect();
    }
  }

  private void take(Event event) {
    delivery.heard(event, client.core().resumed());
    switch (event.getType()) {
      case SUBSCRIBED -> {
        String now = event.getSubscribed().getFrameworkId().getValue();
        invariants.frameworksKeepTheirIds(id, now);
        id = now;
        boolean resumed = client.core().resumed();
        world.note(
            name()
                + " is "
                + id
                + " with "
                + client.core().leader().orElse("nobody")
                + (resumed ? " again" : ""));
        if (!resumed) {
          offers.clear();
          inverseOffers.clear();
        }
        repeat();
      }
      case OFFERS ->
          event
              .getOffers()
              .getOffersList()
              .forEach(offer -> offers.put(offer.getId().getValue(), offer));
      case RESCIND -> offers.remove(event.getRescind().getOfferId().getValue());
      case INVERSE_OFFERS ->
          event
              .getInverseOffers()
              .getInverseOffersList()
              .forEach(offer -> inverseOffers.add(offer.getId().getValue()));
      case RESCIND_INVERSE_OFFER ->
          inverseOffers.remove(event.getRescindInverseOffer().getInverseOfferId().getValue());
      case UPDATE -> update(event.getUpdate().getStatus());
      case UPDATE_OPERATION_STATUS -> operation(event.getUpdateOperationStatus().getStatus());
      case ERROR -> world.note(name() + ": " + event.getError().getMessage());
      case MESSAGE, FAILURE, HEARTBEAT, UNKNOWN -> {}
    }
  }

  /** Anew, as somebody else. */
  private void begin() {
    id = "";
    offers.clear();
    tasks.clear();
    doubtful.clear();
  }

  private void update(TaskStatus status) {
    invariants.updatesComeInOrder(status);
    String task = status.getTaskId().getValue();
    if (Invariants.terminal(status.getState())) {
      tasks.remove(task);
    } else {
      tasks.add(task);
    }
    if (status.hasUuid() && (careful || !world.oneIn(10))) {
      world.after(
          careful ? World.MILLI : world.between(0, 500 * World.MILLI), () -> acknowledge(status));
    }
  }

  private void acknowledge(TaskStatus status) {
    Call.Builder call = call(Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(status.getAgentId())
        .setTaskId(status.getTaskId())
        .setUuid(status.getUuid());
    send(call);
  }

  private void operation(OperationStatus status) {
    if (!status.hasUuid()) {
      return;
    }
    Call.Builder call = call(Call.Type.ACKNOWLEDGE_OPERATION_STATUS);
    call.getAcknowledgeOperationStatusBuilder()
        .setAgentId(status.getAgentId())
        .setOperationId(status.getOperationId())
        .setUuid(status.getUuid().getValue());
    send(call);
  }

  public void cutStream() {
    if (!connected()) {
      return;
    }
    switch (world.below(4)) {
      case 0 -> {
        world.note(name() + " hears nothing any more");
        client.fallSilent();
      }
      case 1 -> {
        world.note(name() + " loses its stream after one more event");
        client.cutAfterNextEvent();
      }
      default -> {
        world.note(name() + " loses its stream");
        client.cut();
      }
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  public Call.Builder call(Call.Type type) {
    return Call.newBuilder().setType(type).setFrameworkId(FrameworkID.newBuilder().setValue(id));
  }

  public void kill(String task) {
    Call.Builder call = call(Call.Type.KILL);
    call.getKillBuilder().setTaskId(TaskID.newBuilder().setValue(task));
    send(call);
  }

  public void killAll() {
    tasks().forEach(this::kill);
  }

  public void teardown() {
    ended = true;
    send(call(Call.Type.TEARDOWN));
  }

  public void reconcile() {
    Call.Builder call = call(Call.Type.RECONCILE);
    call.getReconcileBuilder();
    send(call);
  }

  /** A call under a stream id that was never valid: refused, whatever it says. */
  public void sendStale(Call.Builder call) {
    if (connected()) {
      client.sendStale(call);
    }
  }

  public void forget(Offer offer) {
    offers.remove(offer.getId().getValue());
  }

  void forgetInverse(String offer) {
    inverseOffers.remove(offer);
  }

  /** What is not known to be done or refused is repeated as it was. */
  public void send(Call.Builder call) {
    if (client == null) {
      return;
    }
    String as = id;
    SimulatedClient by = client;
    by.send(
        call,
        outcome -> {
          if (!as.equals(id)) {
            return;
          }
          if (outcome instanceof Outcome.Unknown) {
            doubtful.add(call.build());
            repeatLater();
          } else if (ended && call.getType() == Call.Type.TEARDOWN) {
            by.close();
          }
        });
  }

  private void repeatLater() {
    if (connected() && !repeats) {
      repeats = true;
      world.after(
          world.between(10 * World.MILLI, 500 * World.MILLI),
          () -> {
            repeats = false;
            repeat();
          });
    }
  }

  /** Without a stream it waits for the next one. */
  private void repeat() {
    if (connected()) {
      List<Call> again = List.copyOf(doubtful);
      doubtful.clear();
      again.forEach(call -> send(call.toBuilder()));
    }
  }
}
