package io.quorate.chaos.simulate;

import io.quorate.log.NotLeaderException;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A scheduler that keeps to the API, loses its connection now and then, and repeats what it does
 * not know the answer to.
 */
final class SimulatedFramework {
  private final World world;
  private final List<SimulatedMember> members;
  private final Invariants invariants;
  private final int number;
  private final double failoverSeconds;
  private final boolean checkpoint;
  private final TreeMap<String, Offer> offers = new TreeMap<>();
  private final TreeSet<String> inverseOffers = new TreeSet<>();
  private final TreeSet<String> tasks = new TreeSet<>();
  private final List<Call> doubtful = new ArrayList<>();
  private String id = "";
  private Connection connection;
  private boolean careful;
  private boolean ended;

  SimulatedFramework(
      World world, List<SimulatedMember> members, Invariants invariants, int number) {
    this.world = world;
    this.members = members;
    this.invariants = invariants;
    this.number = number;
    this.failoverSeconds = world.oneIn(4) ? 0 : 5 + world.below(60);
    this.checkpoint = world.below(3) > 0;
    world.after(world.between(0, 2 * World.SECOND), this::connect);
  }

  private String name() {
    return "framework " + number;
  }

  String id() {
    return id;
  }

  boolean connected() {
    return connection != null && connection.open;
  }

  List<Offer> offers() {
    return List.copyOf(offers.values());
  }

  List<String> inverseOffers() {
    return List.copyOf(inverseOffers);
  }

  List<String> tasks() {
    return List.copyOf(tasks);
  }

  /** From here on it acknowledges everything at once, and wants nothing new. */
  void wrapUp() {
    careful = true;
  }

  // -- The stream -------------------------------------------------------------------------------

  /** One subscription. */
  private final class Connection implements SimulatedFace.Reader<Event> {
    private final int member;
    private String streamId = "";
    private boolean open;

    Connection(int member) {
      this.member = member;
    }

    @Override
    public void event(Event event) {
      if (connection == this) {
        take(event);
      }
    }

    @Override
    public void broken() {
      if (connection == this) {
        connection = null;
        world.after(world.between(10 * World.MILLI, 3 * World.SECOND), () -> connect());
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
    for (FrameworkInfo.Capability.Type each :
        List.of(
            FrameworkInfo.Capability.Type.MULTI_ROLE,
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
            FrameworkInfo.Capability.Type.SHARED_RESOURCES)) {
      info.addCapabilitiesBuilder().setType(each);
    }
    if (!id.isEmpty()) {
      info.setId(FrameworkID.newBuilder().setValue(id));
    }
    return info.build();
  }

  /** Also while connected: as another scheduler of the same framework does. */
  void connect() {
    if (ended) {
      return;
    }
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().setFrameworkInfo(info());
    if (!id.isEmpty()) {
      call.setFrameworkId(FrameworkID.newBuilder().setValue(id));
    }
    Connection next = new Connection(world.below(members.size()));
    connection = next;
    SchedulerCall.Builder asked = SchedulerCall.newBuilder().setCall(call);
    members
        .get(next.member)
        .face()
        .subscribe(
            asked,
            next,
            (answer, failure) -> {
              if (answer instanceof Answer.Accepted) {
                next.streamId = asked.getStreamId();
              } else {
                next.broken();
              }
            });
  }

  private void take(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> {
        id = event.getSubscribed().getFrameworkId().getValue();
        connection.open = true;
        world.note(name() + " is " + id + " with member " + connection.member);
        offers.clear();
        inverseOffers.clear();
        List<Call> again = List.copyOf(doubtful);
        doubtful.clear();
        again.forEach(call -> send(call.toBuilder()));
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
      case ERROR -> {
        world.note(name() + ": " + event.getError().getMessage());
        if (event.getError().getMessage().equals("Framework has been removed")) {
          begin();
        }
      }
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

  void cutStream() {
    if (connected()) {
      world.note(name() + " loses its stream");
      members.get(connection.member).face().breakStream(connection.streamId, id);
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  Call.Builder call(Call.Type type) {
    return Call.newBuilder().setType(type).setFrameworkId(FrameworkID.newBuilder().setValue(id));
  }

  void kill(String task) {
    Call.Builder call = call(Call.Type.KILL);
    call.getKillBuilder().setTaskId(TaskID.newBuilder().setValue(task));
    send(call);
  }

  void killAll() {
    tasks().forEach(this::kill);
  }

  void teardown() {
    ended = true;
    send(call(Call.Type.TEARDOWN));
  }

  void reconcile() {
    Call.Builder call = call(Call.Type.RECONCILE);
    call.getReconcileBuilder();
    send(call);
  }

  /** A call under a stream id that was never valid: refused, whatever it says. */
  void sendStale(Call.Builder call) {
    if (connected()) {
      submit(SchedulerCall.newBuilder().setCall(call).setStreamId("stale"), connection);
    }
  }

  void forget(Offer offer) {
    offers.remove(offer.getId().getValue());
  }

  void forgetInverse(String offer) {
    inverseOffers.remove(offer);
  }

  /** What is not answered is repeated on the next stream. */
  void send(Call.Builder call) {
    if (!connected()) {
      doubtful.add(call.build());
      return;
    }
    submit(SchedulerCall.newBuilder().setCall(call).setStreamId(connection.streamId), connection);
  }

  private void submit(SchedulerCall.Builder asked, Connection on) {
    members
        .get(on.member)
        .face()
        .call(
            io.quorate.master.event.Call.newBuilder().setScheduler(asked).build(),
            (answer, failure) -> {
              boolean stale = asked.getStreamId().equals("stale");
              if (answer != null || stale) {
                return;
              }
              if (connection == on && !(failure instanceof NotLeaderException)) {
                send(asked.getCall().toBuilder());
              } else if (asked.getCall().getFrameworkId().getValue().equals(id)) {
                doubtful.add(asked.getCall());
              }
            });
  }
}
