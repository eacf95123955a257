package io.quorate.driver;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * All that an {@link ExecutorClient} knows and decides, without a clock, a thread or a socket: what
 * it subscribes with, which update is sent next, what an answer means, when the agent counts as
 * gone. No thread may enter while another is inside.
 *
 * <p>An update is kept until the agent acknowledged it, and a task until one of its updates was,
 * and each subscription names them (Mesos 4.6).
 */
public final class ExecutorClientCore {
  private static final int TOO_MANY = 429;
  private static final long NANOS_A_MILLI = 1_000_000;

  /** An agent that comes back waits for two seconds or so until it gives its executors up. */
  private static final long PAUSE_LONGEST_MILLIS = 250;

  private final ExecutorVariables variables;
  private final RandomGenerator chance;
  private final List<Delivery> due = new ArrayList<>();

  /** Tasks of which no update was acknowledged. */
  private final Map<TaskID, TaskInfo> tasks = new LinkedHashMap<>();

  /** Updates that are not acknowledged. */
  private final Map<ByteString, Call.Update> updates = new LinkedHashMap<>();

  /** Those of them that are still to be sent on the present subscription. */
  private final Map<ByteString, Call.Update> unsent = new LinkedHashMap<>();

  private boolean subscribed;
  private boolean subscribedBefore;
  private boolean closed;
  private boolean shutDown;
  private boolean lost;
  private long lostNanos;

  /**
   * Begins unsubscribed.
   *
   * @param chance for the length of pauses
   */
  public ExecutorClientCore(ExecutorVariables variables, RandomGenerator chance) {
    this.variables = variables;
    this.chance = chance;
  }

  /** What is to be done next about the stream. */
  public sealed interface Next {
    /** The stream is open, and what comes on it is to be handed in. */
    record Read() implements Next {}

    /** The next subscription is due after a pause. */
    record Subscribe(long pauseMillis) implements Next {}

    /** There are no more subscriptions. */
    record Stop() implements Next {}
  }

  /** What is to be told, in order. */
  public sealed interface Delivery {
    /** {@link ExecutorListener#event}. */
    record Told(Event event) implements Delivery {}

    /** {@link ExecutorListener#disconnected}. */
    record Disconnected(String why) implements Delivery {}

    /** {@link ExecutorListener#refused}. */
    record Refused(String why) implements Delivery {}

    /** Whoever made the update: what became of it. */
    record Settled(ByteString uuid, Outcome outcome) implements Delivery {}
  }

  /** What is to be told since this was asked last. */
  public List<Delivery> due() {
    List<Delivery> taken = List.copyOf(due);
    due.clear();
    return taken;
  }

  // -- The stream -------------------------------------------------------------------------------

  /** The next subscription. */
  public Call subscription() {
    return call(Call.Type.SUBSCRIBE)
        .setSubscribe(
            Call.Subscribe.newBuilder()
                .addAllUnacknowledgedTasks(tasks.values())
                .addAllUnacknowledgedUpdates(updates.values()))
        .build();
  }

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(variables.frameworkId())
        .setExecutorId(variables.executorId());
  }

  /** What the answer to the subscription means. An agent that recovers its state says 503. */
  public Next answered(int status, String body, long nowNanos) {
    switch (status) {
      case 200:
        lost = false;
        return new Next.Read();
      case 404, TOO_MANY, 503:
        return broke(status + " " + body, nowNanos);
      default:
        due.add(new Delivery.Refused(status + " " + body));
        shutDown();
        return next();
    }
  }

  /** The connection came to its end, or could not be made. */
  public Next broke(String why, long nowNanos) {
    if (subscribed) {
      subscribed = false;
      due.add(new Delivery.Disconnected(why));
    }
    if (!lost) {
      lost = true;
      lostNanos = nowNanos;
    }
    boolean alone = subscribedBefore && !variables.checkpoint();
    if (alone || nowNanos - lostNanos > variables.recoveryTimeout().toNanos()) {
      shutDown();
    }
    return next();
  }

  private Next next() {
    if (closed || shutDown) {
      return new Next.Stop();
    }
    long longest =
        Math.min(
            PAUSE_LONGEST_MILLIS,
            variables.subscriptionPauseMax().toNanos() / NANOS_A_MILLI / 2 + 1);
    return new Next.Subscribe(1 + Math.floorMod(chance.nextLong(), longest));
  }

  private void shutDown() {
    if (!shutDown) {
      shutDown = true;
      due.add(new Delivery.Told(Event.newBuilder().setType(Event.Type.SHUTDOWN).build()));
    }
  }

  /** The next event of the stream. */
  public void event(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> {
        subscribed = true;
        subscribedBefore = true;
        // The subscription named them; an agent that takes no more of a task has to be asked again.
        unsent.clear();
        unsent.putAll(updates);
      }
      case LAUNCH -> launched(event.getLaunch().getTask());
      case LAUNCH_GROUP ->
          event.getLaunchGroup().getTaskGroup().getTasksList().forEach(this::launched);
      case ACKNOWLEDGED -> acknowledged(event.getAcknowledged());
      case SHUTDOWN -> {
        shutDown();
        return;
      }
      default -> {}
    }
    due.add(new Delivery.Told(event));
  }

  private void launched(TaskInfo task) {
    tasks.put(task.getTaskId(), task);
  }

  private void acknowledged(Event.Acknowledged event) {
    tasks.remove(event.getTaskId());
    unsent.remove(event.getUuid());
    if (updates.remove(event.getUuid()) != null) {
      due.add(new Delivery.Settled(event.getUuid(), new Outcome.Done()));
    }
  }

  /** Whether SHUTDOWN was told, and the process is to end after its grace period. */
  public boolean shuttingDown() {
    return shutDown;
  }

  /** There are to be no more subscriptions. Updates that wait are not known to have arrived. */
  public void close() {
    closed = true;
    updates
        .keySet()
        .forEach(uuid -> due.add(new Delivery.Settled(uuid, new Outcome.Unknown("closed"))));
    updates.clear();
    unsent.clear();
  }

  /** Whether there are no more subscriptions, but perhaps still an open stream. */
  public boolean closed() {
    return closed;
  }

  // -- Calls ------------------------------------------------------------------------------------

  /**
   * Takes an update, which is sent after those before it, on this subscription or with the next.
   *
   * @param status with the task and its state at least; who and where it is from is filled in
   * @param uuid 16 bytes that no other update has
   * @param nowSeconds since 1970; its timestamp, unless it has one
   */
  public void update(TaskStatus status, ByteString uuid, double nowSeconds) {
    TaskStatus.Builder complete =
        status.toBuilder()
            .setExecutorId(variables.executorId())
            .setAgentId(variables.agentId())
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(uuid);
    if (!status.hasTimestamp()) {
      complete.setTimestamp(nowSeconds);
    }
    Call.Update update = Call.Update.newBuilder().setStatus(complete).build();
    updates.put(uuid, update);
    unsent.put(uuid, update);
    if (closed) {
      close();
    }
  }

  /** How many updates the agent has not acknowledged. */
  public int unacknowledged() {
    return updates.size();
  }

  /** The update to be sent now; it stays until it was {@link #sent}. */
  public Optional<Call> nextCall() {
    return subscribed
        ? unsent.values().stream()
            .findFirst()
            .map(update -> call(Call.Type.UPDATE).setUpdate(update).build())
        : Optional.empty();
  }

  /**
   * What became of the update that was sent.
   *
   * @return whether it is to be sent again, after a pause: the agent did not answer, recovers its
   *     state, or holds as many updates of the task as it may
   */
  public boolean sent(Call call, Outcome outcome) {
    ByteString uuid = call.getUpdate().getStatus().getUuid();
    boolean later =
        outcome instanceof Outcome.Unknown
            || (outcome instanceof Outcome.Refused refused && refused.status() == TOO_MANY);
    if (later) {
      return unsent.containsKey(uuid);
    }
    unsent.remove(uuid);
    if (outcome instanceof Outcome.Refused && updates.remove(uuid) != null) {
      due.add(new Delivery.Settled(uuid, outcome));
    }
    return false;
  }

  /** A message to the scheduler; empty while not subscribed. */
  public Optional<Call> message(ByteString data) {
    return subscribed
        ? Optional.of(
            call(Call.Type.MESSAGE).setMessage(Call.Message.newBuilder().setData(data)).build())
        : Optional.empty();
  }
}
