package io.quorate.driver;

import io.quorate.driver.search.LeaderSearch;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * All that a {@link SchedulerClient} knows and decides, without a clock, a thread or a socket: whom
 * to ask, what an answer means, when to give up, what the listener is told. The client does what it
 * says on a real network, the simulator on a simulated one. No thread may enter while another is
 * inside.
 *
 * <p>Whoever drives it makes the {@link #attempt}, says how it was {@link #answered}, hands in what
 * comes on the stream, says when it {@link #broke}, and after each of these tells the listener what
 * is {@link #due}.
 */
public final class ClientCore {
  private final LeaderSearch search;
  private final List<Delivery> due = new ArrayList<>();
  private FrameworkInfo info;
  private String streamId = "";
  private boolean closed;
  private boolean resumes;
  private boolean resumed;
  private long lastIndex;

  /**
   * Begins unsubscribed.
   *
   * @param masters {@code host:port}, at least one
   * @param chance for the length of pauses
   */
  public ClientCore(List<String> masters, FrameworkInfo info, RandomGenerator chance) {
    this.search = new LeaderSearch(masters, chance::nextLong);
    this.info = info;
  }

  /**
   * A subscription to be made.
   *
   * @param lastIndex what the header Quorate-Last-Index says, if there is to be one
   */
  public record Attempt(String master, Call call, OptionalLong lastIndex) {}

  /**
   * The head of the answer to a subscription, and the body unless that is the stream.
   *
   * @param location empty without this header, as are the next two
   */
  public record Head(int status, String location, String streamId, String resumed, String body) {}

  /** What is to be done next. */
  public sealed interface Next {
    /** The stream is open, and what comes on it is to be handed in. */
    record Read() implements Next {}

    /** The next attempt is due after a pause. */
    record Ask(long pauseMillis) implements Next {}

    /** There are no more attempts. */
    record Stop() implements Next {}
  }

  /** What the listener is to be told, in order. */
  public sealed interface Delivery {
    /** {@link SchedulerListener#event}; then the core is to hear that it was {@link #handled}. */
    record Told(Event event) implements Delivery {}

    /** {@link SchedulerListener#disconnected}. */
    record Disconnected(String why) implements Delivery {}

    /** {@link SchedulerListener#ended}. */
    record Ended(String why) implements Delivery {}

    /** Tells a listener, and no more. */
    default void to(SchedulerListener listener) {
      if (this instanceof Told told) {
        listener.event(told.event());
      } else if (this instanceof Disconnected disconnected) {
        listener.disconnected(disconnected.why());
      } else if (this instanceof Ended ended) {
        listener.ended(ended.why());
      }
    }
  }

  /** A call to be sent, other than SUBSCRIBE. */
  public record Request(String master, String streamId, Call call) {}

  /** What the listener is to be told since this was asked last. */
  public List<Delivery> due() {
    List<Delivery> taken = List.copyOf(due);
    due.clear();
    return taken;
  }

  // -- Who it is --------------------------------------------------------------------------------

  /** From here on subscriptions ask for what came after the last index; see the client. */
  public void resumeAfter(long index) {
    resumes = true;
    lastIndex = index;
  }

  /** Up to which index of the log all events were handled; 0 before the first. */
  public long lastIndex() {
    return lastIndex;
  }

  /** Whether the latest stream goes on where the one before it broke. */
  public boolean resumed() {
    return resumed;
  }

  /** Empty before the first subscription. */
  public Optional<FrameworkID> frameworkId() {
    return info.hasId() ? Optional.of(info.getId()) : Optional.empty();
  }

  /** The master that the stream is open to. */
  public Optional<String> leader() {
    return streamId.isEmpty() ? Optional.empty() : search.asked();
  }

  // -- The stream -------------------------------------------------------------------------------

  /** The next subscription: to whom a redirect led, or to one master after the other. */
  public Attempt attempt(long nowNanos) {
    String master = search.attempt(nowNanos);
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    boolean asksForMissed = resumes && lastIndex > 0 && info.hasId();
    return new Attempt(
        master, call.build(), asksForMissed ? OptionalLong.of(lastIndex) : OptionalLong.empty());
  }

  /** What the answer to the attempt means. */
  public Next answered(Head head, long nowNanos) {
    LeaderSearch.Next next = search.answered(head.status(), head.location(), nowNanos);
    if (next == LeaderSearch.Next.READ) {
      streamId = head.streamId();
      resumed = !head.resumed().isEmpty() && !head.resumed().equals("no");
      return new Next.Read();
    }
    if (next == LeaderSearch.Next.REFUSED) {
      end(head.status() + " " + head.body());
    }
    return later();
  }

  private Next later() {
    return closed ? new Next.Stop() : new Next.Ask(search.pauseMillis());
  }

  /** The connection of the attempt, or of the open stream, came to its end. */
  public Next broke(String why) {
    if (!streamId.isEmpty()) {
      due.add(new Delivery.Disconnected(why));
      streamId = "";
    }
    search.later();
    return later();
  }

  /** Something came on the connection. */
  public void heard(long nowNanos) {
    search.heard(nowNanos);
  }

  /**
   * Whether the connection counts as dead and is to be closed: five heartbeats were missed (Mesos
   * 1.4), or what would have been their time passed without an answer.
   */
  public boolean silent(long nowNanos) {
    return search.silent(nowNanos);
  }

  /**
   * Whom to ask who leads, by a GET of {@code /redirect}: a heartbeat is late, and a leader that
   * was cut off, or lost its power, does not say so. Empty while there is no reason to.
   */
  public Optional<String> doubts(long nowNanos) {
    return search.doubts(nowNanos);
  }

  /**
   * Whether the connection is to be closed: the one who was asked names another leader.
   *
   * @param location the header of the answer
   */
  public boolean deposed(String location) {
    return search.deposed(location);
  }

  /** The next event of the stream. */
  public void event(Event event) {
    if (event.getType() == Event.Type.SUBSCRIBED) {
      info = info.toBuilder().setId(event.getSubscribed().getFrameworkId()).build();
      search.subscribed(event.getSubscribed().getHeartbeatIntervalSeconds());
    }
    due.add(new Delivery.Told(event));
    if (event.getType() == Event.Type.ERROR) {
      end(event.getError().getMessage());
    }
  }

  private void end(String why) {
    closed = true;
    due.add(new Delivery.Ended(why));
  }

  /**
   * The listener is done with an event. More events of the same entry may follow: only those of
   * entries before it are complete, but a heartbeat names an entry that is. An ERROR may come in
   * place of SUBSCRIBED, and then what was missed did not come before it.
   */
  public void handled(Event event) {
    if (event.getType() == Event.Type.ERROR) {
      return;
    }
    boolean heartbeat = event.getType() == Event.Type.HEARTBEAT;
    long complete = heartbeat ? event.getLogIndex() : event.getLogIndex() - 1;
    lastIndex = Math.max(lastIndex, complete);
  }

  /** There are to be no more attempts. */
  public void close() {
    closed = true;
  }

  /** Whether there are no more attempts, but perhaps still an open stream. */
  public boolean closed() {
    return closed;
  }

  // -- Calls ------------------------------------------------------------------------------------

  /** How a call is to be sent, the framework's id filled in; empty while not subscribed. */
  public Optional<Request> request(Call.Builder call) {
    Optional<String> asked = search.asked();
    if (streamId.isEmpty() || asked.isEmpty() || !info.hasId()) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(asked.get(), streamId, call.setFrameworkId(info.getId()).build()));
  }

  /** What became of a call that was answered. */
  public static Outcome outcome(int status, String body) {
    return switch (status) {
      case 200, 202 -> new Outcome.Done();
      case 307, 404, 503 -> new Outcome.Unknown(status + " " + body);
      default -> new Outcome.Refused(status, body);
    };
  }
}
