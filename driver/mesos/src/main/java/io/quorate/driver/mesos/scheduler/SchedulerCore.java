package io.quorate.driver.mesos.scheduler;

import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.mesos.wire.WireWriter;
import io.quorate.driver.search.LeaderSearch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * All that Mesos's scheduler driver knows and decides, without a clock, a thread or a socket: its
 * status, which callbacks are due, which calls are to be sent, and what becomes of those made while
 * no master is there. No thread may enter while another is inside.
 *
 * <p>Calls that were accepted while subscribed are sent in order, one after the other. If a
 * connection breaks before the answer, the call is repeated to the next leader, which recognises
 * what was done; only messages are not, since they would arrive twice.
 */
public final class SchedulerCore {
  private final LeaderSearch search;
  private final boolean implicitAcknowledgements;
  private final TreeSet<String> suppressed = new TreeSet<>();
  private final Deque<SchedulerCallback> due = new ArrayDeque<>();
  private final Deque<OutgoingCall> outgoing = new ArrayDeque<>();
  private byte[] framework;
  private Optional<byte[]> constraints = Optional.empty();
  private DriverState state = DriverState.NOT_STARTED;
  private String streamId = "";
  private boolean subscribed;
  private boolean subscribedBefore;
  private boolean allSuppressed;
  private boolean revives;

  /**
   * Begins before the start.
   *
   * @param framework FrameworkInfo, complete but for the id
   */
  public SchedulerCore(
      byte[] framework,
      Collection<String> suppressed,
      boolean implicitAcknowledgements,
      LeaderSearch search) {
    this.framework = framework;
    this.suppressed.addAll(suppressed);
    this.implicitAcknowledgements = implicitAcknowledgements;
    this.search = search;
  }

  // -- Its life ---------------------------------------------------------------------------------

  /** The status. */
  public DriverState state() {
    return state;
  }

  /** Starts; from any other status than before the start it does nothing. */
  public void start() {
    if (state == DriverState.NOT_STARTED) {
      state = DriverState.RUNNING;
    }
  }

  /** Stops; whether it tears the framework down is up to {@code failover}. */
  public DriverState stop(boolean failover) {
    if (state == DriverState.RUNNING && !failover && subscribed) {
      outgoing.add(new OutgoingCall(SchedulerCalls.TEARDOWN, SchedulerCalls.teardown(id())));
    }
    boolean aborted = state == DriverState.ABORTED;
    if (state != DriverState.NOT_STARTED) {
      state = DriverState.STOPPED;
    }
    return aborted ? DriverState.ABORTED : state;
  }

  /** Aborts without a word to the scheduler. */
  public void abort() {
    if (state == DriverState.RUNNING) {
      state = DriverState.ABORTED;
      outgoing.clear();
    }
  }

  /** Aborts, then tells the scheduler why. */
  public void fail(String why) {
    abort();
    due.clear();
    due.add(new SchedulerCallback(sink -> sink.error(why), Optional.empty(), true));
  }

  // -- The stream -------------------------------------------------------------------------------

  /** Whom to ask next. */
  public String attempt(long nowNanos) {
    return search.attempt(nowNanos);
  }

  /** The subscription to be made. */
  public byte[] subscription() {
    return SchedulerCalls.subscribe(framework, suppressed, constraints);
  }

  /** What the answer to the attempt means. */
  public LeaderSearch.Next answered(
      int status, String location, String stream, String body, long nowNanos) {
    LeaderSearch.Next next = search.answered(status, location, nowNanos);
    if (next == LeaderSearch.Next.READ) {
      streamId = stream;
    } else if (next == LeaderSearch.Next.REFUSED) {
      fail("the master refused the framework: " + status + " " + body);
    }
    return next;
  }

  /** The connection of the attempt, or of the open stream, came to its end. */
  public void broke() {
    search.later();
    streamId = "";
    if (subscribed) {
      subscribed = false;
      tell(SchedulerSink::disconnected);
    }
  }

  /** Where the search for the leader is. */
  public LeaderSearch search() {
    return search;
  }

  /**
   * The next event of the stream.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  public void event(byte[] record) {
    WireFields event = WireFields.parse(record);
    switch ((int) event.number(1, 0)) {
      case 1:
        subscribed(event.message(2));
        break;
      case 2:
        List<byte[]> offers = event.message(3).all(1);
        tell(sink -> sink.resourceOffers(offers));
        break;
      case 3:
        byte[] offer = bytes(event.message(4), 1);
        tell(sink -> sink.offerRescinded(offer));
        break;
      case 4:
        updated(bytes(event.message(5), 1));
        break;
      case 5:
        WireFields message = event.message(6);
        tell(
            sink -> sink.frameworkMessage(bytes(message, 2), bytes(message, 1), bytes(message, 3)));
        break;
      case 6:
        failure(event.message(7));
        break;
      case 7:
        fail(event.message(8).text(1));
        break;
      default:
        // Inverse offers, feedback on operations and heartbeats have no callback in this API.
        break;
    }
  }

  private void subscribed(WireFields event) {
    byte[] id = bytes(event, 1);
    byte[] master = event.bytes(3).orElseGet(() -> masterInfo(search.asked().orElse("")));
    framework = new WireWriter().fields(framework).bytes(SchedulerCalls.FRAMEWORK_ID, id).toBytes();
    search.subscribed(event.real(2, 15));
    subscribed = true;
    if (subscribedBefore) {
      tell(sink -> sink.reregistered(master));
    } else {
      tell(sink -> sink.registered(id, master));
    }
    subscribedBefore = true;
    if (allSuppressed) {
      send(SchedulerCalls.SUPPRESS, SchedulerCalls.suppress(id, Collections.emptyList()));
    } else if (revives) {
      send(SchedulerCalls.REVIVE, SchedulerCalls.revive(id, Collections.emptyList()));
    }
    revives = false;
  }

  /** A master that does not describe itself is described by its address. */
  private static byte[] masterInfo(String address) {
    int colon = address.lastIndexOf(':');
    return new WireWriter()
        .text(1, address)
        .number(2, 0)
        .number(3, colon < 0 ? 0 : Integer.parseInt(address.substring(colon + 1)))
        .text(5, colon < 0 ? address : address.substring(0, colon))
        .toBytes();
  }

  private void updated(byte[] status) {
    Optional<byte[]> acknowledgement =
        implicitAcknowledgements
            ? SchedulerCalls.acknowledge(id(), status)
            : Optional.<byte[]>empty();
    due.add(new SchedulerCallback(sink -> sink.statusUpdate(status), acknowledgement, false));
  }

  private void failure(WireFields failure) {
    byte[] agent = bytes(failure, 1);
    if (failure.has(2)) {
      byte[] executor = bytes(failure, 2);
      int status = (int) failure.number(3, -1);
      tell(sink -> sink.executorLost(executor, agent, status));
    } else {
      tell(sink -> sink.slaveLost(agent));
    }
  }

  private static byte[] bytes(WireFields message, int field) {
    return message.bytes(field).orElse(new byte[0]);
  }

  // -- Callbacks --------------------------------------------------------------------------------

  private void tell(Consumer<SchedulerSink> callback) {
    due.add(new SchedulerCallback(callback, Optional.empty(), false));
  }

  /** The next callback; none after the end, but for the one that says why. */
  public Optional<SchedulerCallback> nextCallback() {
    while (!due.isEmpty()) {
      SchedulerCallback next = due.poll();
      if (state == DriverState.RUNNING || next.last()) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** How many callbacks wait. */
  public int waitingCallbacks() {
    return due.size();
  }

  /** The callback returned normally. */
  public void handled(SchedulerCallback callback) {
    if (state == DriverState.RUNNING) {
      callback
          .acknowledgement()
          .ifPresent(call -> outgoing.add(new OutgoingCall(SchedulerCalls.ACKNOWLEDGE, call)));
    }
  }

  // -- Calls to be sent -------------------------------------------------------------------------

  /** The call to be sent now; it stays until it was {@link #answered}. */
  public Optional<OutgoingCall> nextCall() {
    return streamId.isEmpty() || !subscribed
        ? Optional.empty()
        : Optional.ofNullable(outgoing.peek());
  }

  /** How many calls wait to be sent. */
  public int waitingCalls() {
    return outgoing.size();
  }

  /** The header of this name for calls. */
  public String streamId() {
    return streamId;
  }

  /**
   * What became of a call.
   *
   * @param status of HTTP, or 0 if there was no answer
   * @param stream the one that it was sent with
   * @return whether it is to be sent again after a pause, on the same stream if that is still there
   */
  public boolean answered(OutgoingCall call, int status, String body, String stream) {
    if (outgoing.peek() != call) {
      return false;
    }
    boolean moved = status == 403 && !stream.equals(streamId);
    boolean unknown =
        status == 0 || status == 307 || status == 404 || status == 429 || status == 503 || moved;
    if (unknown && call.mayBeRepeated()) {
      return true;
    }
    outgoing.remove();
    if (call.type() == SchedulerCalls.UPDATE_FRAMEWORK && status / 100 == 4) {
      fail("the master refused the framework's new description: " + body);
    }
    return false;
  }

  private void send(int type, byte[] call) {
    outgoing.add(new OutgoingCall(type, call));
  }

  private byte[] id() {
    return WireFields.parse(framework).bytes(SchedulerCalls.FRAMEWORK_ID).orElse(new byte[0]);
  }

  private boolean serves() {
    return state == DriverState.RUNNING && subscribed;
  }

  // -- The methods of the driver ----------------------------------------------------------------

  /** Launches tasks on offers, or declines these if there are no tasks. */
  public void launch(
      List<byte[]> offers, List<byte[]> tasks, Optional<byte[]> filters, double nowSeconds) {
    accept(
        offers, Collections.singletonList(SchedulerCalls.launch(id(), tasks)), filters, nowSeconds);
  }

  /**
   * Accepts offers. While no master is there, the tasks are lost at once, and the scheduler is
   * told.
   *
   * @throws IllegalArgumentException for an operation with an id, whose feedback has no callback
   *     here
   */
  public void accept(
      List<byte[]> offers, List<byte[]> operations, Optional<byte[]> filters, double nowSeconds) {
    if (state != DriverState.RUNNING) {
      return;
    }
    List<byte[]> complete = new ArrayList<>();
    List<byte[]> tasks = new ArrayList<>();
    for (byte[] operation : operations) {
      if (SchedulerCalls.hasId(operation)) {
        abort();
        throw new IllegalArgumentException(
            "operations: an operation with an id asks for feedback, which this API cannot give;"
                + " the driver is aborted");
      }
      List<byte[]> launched = SchedulerCalls.tasks(operation);
      tasks.addAll(launched);
      complete.add(launched.isEmpty() ? operation : SchedulerCalls.launch(id(), launched));
    }
    if (subscribed) {
      send(SchedulerCalls.ACCEPT, SchedulerCalls.accept(id(), offers, complete, filters));
    } else {
      tasks.forEach(task -> lost(task, nowSeconds));
    }
  }

  private void lost(byte[] task, double nowSeconds) {
    WireFields fields = WireFields.parse(task);
    byte[] status =
        new WireWriter()
            .bytes(SchedulerCalls.STATUS_TASK_ID, bytes(fields, 2))
            .number(2, TaskLoss.state(framework))
            .text(4, "Master disconnected")
            .bytes(SchedulerCalls.STATUS_AGENT_ID, bytes(fields, 3))
            .real(6, nowSeconds)
            .number(9, TaskLoss.SOURCE_MASTER)
            .number(10, TaskLoss.REASON_MASTER_DISCONNECTED)
            .toBytes();
    tell(sink -> sink.statusUpdate(status));
  }

  /** Declines an offer. */
  public void decline(byte[] offer, Optional<byte[]> filters) {
    if (serves()) {
      send(SchedulerCalls.DECLINE, SchedulerCalls.decline(id(), offer, filters));
    }
  }

  /** Asks for offers again; while no master is there, the next subscription does. */
  public void revive(Optional<Collection<String>> roles) {
    if (state != DriverState.RUNNING || (roles.isPresent() && roles.get().isEmpty())) {
      return;
    }
    if (roles.isPresent()) {
      suppressed.removeAll(roles.get());
    } else {
      suppressed.clear();
      allSuppressed = false;
    }
    if (subscribed) {
      Collection<String> named = roles.orElse(Collections.emptyList());
      send(SchedulerCalls.REVIVE, SchedulerCalls.revive(id(), named));
    } else {
      revives = true;
    }
  }

  /** Asks for no more offers; while no master is there, the next subscription does. */
  public void suppress(Optional<Collection<String>> roles) {
    if (state != DriverState.RUNNING || (roles.isPresent() && roles.get().isEmpty())) {
      return;
    }
    roles.ifPresent(suppressed::addAll);
    allSuppressed = allSuppressed || !roles.isPresent();
    revives = false;
    if (subscribed) {
      Collection<String> named = roles.orElse(Collections.emptyList());
      send(SchedulerCalls.SUPPRESS, SchedulerCalls.suppress(id(), named));
    }
  }

  /** Kills a task. */
  public void kill(byte[] task) {
    if (serves()) {
      send(SchedulerCalls.KILL, SchedulerCalls.kill(id(), task));
    }
  }

  /**
   * Acknowledges an update.
   *
   * @throws IllegalStateException if the driver does so itself
   */
  public void acknowledge(byte[] status) {
    if (implicitAcknowledgements) {
      throw new IllegalStateException(
          "acknowledgeStatusUpdate: this driver acknowledges updates by itself; make it with"
              + " implicitAcknowledgements false");
    }
    if (serves()) {
      SchedulerCalls.acknowledge(id(), status)
          .ifPresent(call -> send(SchedulerCalls.ACKNOWLEDGE, call));
    }
  }

  /** Sends a message to an executor, at most once. */
  public void message(byte[] executor, byte[] agent, byte[] data) {
    if (serves()) {
      send(SchedulerCalls.MESSAGE, SchedulerCalls.message(id(), executor, agent, data));
    }
  }

  /** Asks for the state of tasks; of all if none is named. */
  public void reconcile(List<byte[]> statuses) {
    if (serves()) {
      send(SchedulerCalls.RECONCILE, SchedulerCalls.reconcile(id(), statuses));
    }
  }

  /** Asks for resources. */
  public void request(List<byte[]> requests) {
    if (serves()) {
      send(SchedulerCalls.REQUEST, SchedulerCalls.request(id(), requests));
    }
  }

  /** Describes the framework anew; while no master is there, the next subscription does. */
  public void update(
      byte[] described, Collection<String> roles, Optional<byte[]> offerConstraints) {
    if (state != DriverState.RUNNING) {
      return;
    }
    WireFields fields = WireFields.parse(described);
    boolean same = fields.message(SchedulerCalls.FRAMEWORK_ID).text(1).equals(idText());
    if (!subscribedBefore || !same || roles.size() != new TreeSet<>(roles).size()) {
      fail(
          "updateFramework needs a framework that is registered, with its id in FrameworkInfo, and"
              + " no suppressed role twice");
      return;
    }
    framework = described;
    suppressed.clear();
    suppressed.addAll(roles);
    allSuppressed = false;
    constraints = offerConstraints;
    if (subscribed) {
      send(
          SchedulerCalls.UPDATE_FRAMEWORK,
          SchedulerCalls.updateFramework(id(), framework, roles, constraints));
    }
  }

  private String idText() {
    return WireFields.parse(id()).text(1);
  }
}
