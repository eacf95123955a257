package io.quorate.driver.mesos.executor;

import io.quorate.driver.mesos.scheduler.DriverState;
import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.mesos.wire.WireWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All that Mesos's executor driver knows and decides, without a clock, a thread or a socket: which
 * callbacks are due, which updates the agent has not acknowledged, and when to give the agent up.
 * No thread may enter while another is inside.
 *
 * <p>An update is kept until it is acknowledged, and told again with each subscription (CP-446).
 */
public final class ExecutorCore {
  private static final int SUBSCRIBE = 1;
  private static final int UPDATE = 2;
  private static final int MESSAGE = 3;
  private static final int STATUS_TASK_ID = 1;
  private static final int STATUS_UUID = 11;
  private static final int TASK_FAILED = 3;

  private final byte[] executorId;
  private final byte[] frameworkId;
  private final byte[] agentId;
  private final boolean checkpoint;
  private final long recoveryNanos;
  private final Deque<ExecutorCallback> due = new ArrayDeque<>();
  private final Deque<byte[]> outgoing = new ArrayDeque<>();

  /** Tasks of which no update was acknowledged, by id. */
  private final Map<String, byte[]> tasks = new LinkedHashMap<>();

  /** Updates that are not acknowledged, by uuid. */
  private final Map<String, byte[]> updates = new LinkedHashMap<>();

  private DriverState state = DriverState.NOT_STARTED;
  private boolean connected;
  private boolean connectedBefore;
  private boolean shutDown;
  private Optional<Long> lostNanos = Optional.empty();

  /** Begins before the start. */
  public ExecutorCore(ExecutorEnvironment environment) {
    this.executorId = id(environment.executorId());
    this.frameworkId = id(environment.frameworkId());
    this.agentId = id(environment.agentId());
    this.checkpoint = environment.checkpoint();
    this.recoveryNanos = environment.recoveryNanos();
  }

  private static byte[] id(String value) {
    return new WireWriter().text(1, value).toBytes();
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

  /** Stops. */
  public DriverState stop() {
    boolean aborted = state == DriverState.ABORTED;
    if (state != DriverState.NOT_STARTED) {
      state = DriverState.STOPPED;
    }
    return aborted ? DriverState.ABORTED : state;
  }

  /** Aborts. */
  public void abort() {
    if (state == DriverState.RUNNING) {
      state = DriverState.ABORTED;
      outgoing.clear();
    }
  }

  private void fail(String why) {
    abort();
    due.clear();
    due.add(new ExecutorCallback(sink -> sink.error(why), ExecutorCallback.Then.LAST));
  }

  // -- The stream -------------------------------------------------------------------------------

  /**
   * The subscription, which names what is not acknowledged; what it names need not be sent again.
   */
  public byte[] subscription() {
    WireWriter subscribe = new WireWriter().all(1, tasks.values());
    for (byte[] status : updates.values()) {
      subscribe.message(2, new WireWriter().bytes(1, status));
    }
    outgoing.clear();
    return call(SUBSCRIBE, 4, subscribe);
  }

  private byte[] call(int type, int field, WireWriter body) {
    return new WireWriter()
        .bytes(1, executorId)
        .bytes(2, frameworkId)
        .number(3, type)
        .message(field, body)
        .toBytes();
  }

  /** The agent answered a subscription with something else than a stream. */
  public void refused(int status, String body, long nowNanos) {
    if (status == 401 || status == 403) {
      fail("the agent refused the executor: " + status + " " + body);
    } else {
      broke(nowNanos);
    }
  }

  /** The connection came to its end, or could not be made. */
  public void broke(long nowNanos) {
    if (connected) {
      connected = false;
      tell(ExecutorSink::disconnected);
    }
    if (!lostNanos.isPresent()) {
      lostNanos = Optional.of(nowNanos);
    }
    boolean gone = (!checkpoint && connectedBefore) || nowNanos - lostNanos.get() > recoveryNanos;
    if (gone) {
      shutDown();
    }
  }

  private void shutDown() {
    if (!shutDown) {
      shutDown = true;
      due.add(new ExecutorCallback(ExecutorSink::shutdown, ExecutorCallback.Then.END_PROCESS));
    }
  }

  /** Whether another attempt is to be made. */
  public boolean attempts() {
    return state == DriverState.RUNNING && !shutDown;
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
        launched(bytes(event.message(4), 1));
        break;
      case 8:
        for (byte[] task : event.message(8).message(1).all(1)) {
          refuseGrouped(task);
        }
        break;
      case 3:
        byte[] task = bytes(event.message(5), 1);
        tell(sink -> sink.killTask(task));
        break;
      case 4:
        WireFields acknowledged = event.message(3);
        updates.remove(Arrays.toString(bytes(acknowledged, 2)));
        tasks.remove(acknowledged.message(1).text(1));
        break;
      case 5:
        byte[] data = bytes(event.message(6), 1);
        tell(sink -> sink.frameworkMessage(data));
        break;
      case 6:
        fail(event.message(7).text(1));
        break;
      case 7:
        shutDown();
        break;
      default:
        // Heartbeats have no callback.
        break;
    }
  }

  private void subscribed(WireFields event) {
    connected = true;
    lostNanos = Optional.empty();
    byte[] agent = bytes(event, 3);
    if (connectedBefore) {
      tell(sink -> sink.reregistered(agent));
    } else {
      byte[] executor = bytes(event, 1);
      byte[] framework = bytes(event, 2);
      tell(sink -> sink.registered(executor, framework, agent));
    }
    connectedBefore = true;
  }

  private void launched(byte[] task) {
    tasks.put(taskId(task), task);
    tell(sink -> sink.launchTask(task));
  }

  private static String taskId(byte[] task) {
    return WireFields.parse(task).message(2).text(1);
  }

  /** This API has no callback for a group, and a task that nobody starts would wait for ever. */
  private void refuseGrouped(byte[] task) {
    tasks.put(taskId(task), task);
    byte[] status =
        new WireWriter()
            .bytes(STATUS_TASK_ID, bytes(WireFields.parse(task), 2))
            .number(2, TASK_FAILED)
            .text(4, "MesosExecutorDriver does not support task groups")
            .toBytes();
    byte[] uuid =
        (taskId(task) + "0123456789abcdef").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    update(status, Arrays.copyOf(uuid, 16), 0);
  }

  private static byte[] bytes(WireFields message, int field) {
    return message.bytes(field).orElse(new byte[0]);
  }

  // -- Callbacks --------------------------------------------------------------------------------

  private void tell(Consumer<ExecutorSink> callback) {
    due.add(new ExecutorCallback(callback, ExecutorCallback.Then.NOTHING));
  }

  /** The next callback; none after the end, but for the one that says why. */
  public Optional<ExecutorCallback> nextCallback() {
    while (!due.isEmpty()) {
      ExecutorCallback next = due.poll();
      if (state == DriverState.RUNNING || next.then() == ExecutorCallback.Then.LAST) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** How many callbacks wait. */
  public int waitingCallbacks() {
    return due.size();
  }

  // -- Calls ------------------------------------------------------------------------------------

  /** The call to be sent now; it stays until it was {@link #answered}. */
  public Optional<byte[]> nextCall() {
    return connected ? Optional.ofNullable(outgoing.peek()) : Optional.empty();
  }

  /** How many calls wait to be sent. */
  public int waitingCalls() {
    return outgoing.size();
  }

  /**
   * What became of a call.
   *
   * @param status of HTTP, or 0 if there was no answer
   * @return whether it is to be sent again after a pause
   */
  public boolean answered(byte[] call, int status) {
    if (outgoing.peek() != call) {
      return false;
    }
    boolean message = WireFields.parse(call).number(3, 0) == MESSAGE;
    if ((status == 0 || status == 503) && !message) {
      return true;
    }
    outgoing.remove();
    return false;
  }

  /**
   * Tells the state of a task.
   *
   * @param uuid 16 bytes that no other update has
   */
  public void update(byte[] status, byte[] uuid, double nowSeconds) {
    if (state != DriverState.RUNNING) {
      return;
    }
    WireFields fields = WireFields.parse(status);
    WireWriter complete =
        new WireWriter()
            .fields(status)
            .bytes(5, agentId)
            .bytes(7, executorId)
            .number(9, 2)
            .bytes(STATUS_UUID, uuid);
    if (!fields.has(6)) {
      complete.real(6, nowSeconds);
    }
    byte[] whole = complete.toBytes();
    updates.put(Arrays.toString(uuid), whole);
    if (connected) {
      outgoing.add(call(UPDATE, 5, new WireWriter().bytes(1, whole)));
    }
  }

  /** Sends a message to the scheduler, at most once; lost while no agent is there. */
  public void message(byte[] data) {
    if (state == DriverState.RUNNING && connected) {
      outgoing.add(call(MESSAGE, 6, new WireWriter().bytes(2, data)));
    }
  }
}
