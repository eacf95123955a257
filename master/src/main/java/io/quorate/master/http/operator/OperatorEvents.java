package io.quorate.master.http.operator;

import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.face.EventStream;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.Reply;
import io.quorate.master.http.server.EventLimits;
import io.quorate.master.http.server.HttpExchange;
import io.quorate.master.http.server.LoopSink;
import io.quorate.master.http.server.Replies;
import io.quorate.master.http.server.Versions;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterMachine.Commit;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.v1.master.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The operators' event streams (Mesos 6.2) of one master, leader or not: each begins with a picture
 * of the state, and every later event of the log follows without a gap or an overlap. A stream that
 * names the last index that it handled gets what it missed in place of the picture, as long as that
 * is remembered.
 *
 * <p>Commits come on the log's apply thread, requests on event loops; one lock keeps their order.
 * What waits for a slow reader is bounded, and so are the streams: the oldest is ended for a new
 * one.
 */
public final class OperatorEvents {
  static final String LAST_INDEX = "Quorate-Last-Index";
  static final String RESUMED = "Quorate-Resumed";

  private final Vertx vertx;
  private final FaceSettings settings;
  private final Versions versions;
  private final MasterCore core;

  /** They belong to the event loop; all others send by {@link #sink}. */
  private final EventStreams<Event> streams;

  private final EventSink<Event> sink;
  private final EventLimits limits;

  // What follows is guarded by this.

  private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
  private final ArrayDeque<OperatorEvent> remembered = new ArrayDeque<>();

  /** Every event of a later entry is remembered. It is not known before the first commit. */
  private long completeAfter = Long.MAX_VALUE;

  /** The index of the last entry that was told; 0 before the first. */
  private long latestIndex;

  private Optional<MasterState> latest = Optional.empty();

  /** One open stream; it has seen all up to the state of this time. */
  private record Subscriber(Visibility visible, long seenNanos) {}

  /** What a stream begins with. */
  private record Beginning(MasterView picture, long index, Optional<List<Event>> missed) {}

  /**
   * Makes streams that are served on one event loop.
   *
   * @param loop the one on which {@link #subscribe} is called
   */
  public OperatorEvents(
      Vertx vertx,
      Context loop,
      FaceSettings settings,
      Versions versions,
      MasterCore core,
      EventLimits limits) {
    this.vertx = vertx;
    this.settings = settings;
    this.versions = versions;
    this.core = core;
    this.limits = limits;
    this.streams = new EventStreams<>(settings.streamBufferBytesMax());
    this.sink = new LoopSink<>(loop, streams);
  }

  /** How many streams are open. It is called on the event loop. */
  public int open() {
    return streams.ids().size();
  }

  /** Tells every stream of a committed entry. It is called on the apply thread, in order. */
  public synchronized void committed(Commit commit) {
    List<OperatorEvent> events = OperatorEvent.of(commit);
    if (latest.isEmpty()) {
      completeAfter = commit.position().index() - 1;
    }
    latest = Optional.of(commit.after());
    latestIndex = commit.position().index();
    remembered.addAll(events);
    while (remembered.size() > limits.eventsMax()) {
      completeAfter = remembered.removeFirst().message().getLogIndex();
    }
    if (events.isEmpty()) {
      return;
    }
    long nanos = commit.after().cluster().timeNanos();
    subscribers.forEach(
        (id, subscriber) -> {
          if (nanos > subscriber.seenNanos()) {
            events.forEach(
                event ->
                    event
                        .shownTo(subscriber.visible())
                        .ifPresent(message -> sink.send(id, message)));
          }
        });
  }

  /** Opens a stream; or answers why not. It is called on the request's event loop. */
  public void subscribe(HttpServerRequest request, String principal) {
    Optional<MediaType> accepted = MediaType.accepted(request.getHeader("Accept"));
    if (accepted.isEmpty()) {
      Replies.text(
          request,
          406,
          "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
      return;
    }
    Optional<Long> lastIndex;
    try {
      lastIndex = Optional.ofNullable(request.getHeader(LAST_INDEX)).map(Long::parseUnsignedLong);
    } catch (NumberFormatException e) {
      Replies.text(request, 400, "The header '" + LAST_INDEX + "' must be a whole number");
      return;
    }
    MediaType type = accepted.get();
    Visibility visible = new Visibility(settings.access().acls(), principal);
    String id = UUID.randomUUID().toString();
    HttpExchange<Event> exchange = new HttpExchange<>(vertx, core, request);
    EventStreams<Event>.Stream stream = streams.register(id, exchange, new Closing(id));
    Beginning beginning = begin(id, visible, lastIndex);
    Reply head =
        lastIndex.isEmpty()
            ? Reply.empty(200)
            : Reply.empty(200).with(RESUMED, beginning.missed().isPresent() ? "yes" : "no");
    // A picture of a large state takes longer than an event loop has.
    vertx
        .executeBlocking(() -> first(beginning, visible), false)
        .onFailure(
            failure -> {
              stream.drop();
              forget(id);
              Replies.text(request, 500, "The state cannot be shown: " + failure.getMessage());
            })
        .onSuccess(
            subscribed ->
                stream.open(
                    () -> exchange.begin(head, type),
                    waiting -> all(subscribed, beginning, waiting)));
    heartbeats(id);
  }

  /** Forgets a stream whose client has left. */
  private final class Closing implements EventStream.Owner<Event> {
    private final String id;

    Closing(String id) {
      this.id = id;
    }

    @Override
    public void sent(Event event) {}

    @Override
    public void lost() {
      forget(id);
    }
  }

  private synchronized Beginning begin(String id, Visibility visible, Optional<Long> lastIndex) {
    MasterView now = core.view();
    MasterState state = latest.orElse(now.state());
    while (subscribers.size() >= limits.subscribersMax()) {
      String oldest = subscribers.keySet().iterator().next();
      subscribers.remove(oldest);
      sink.end(oldest);
    }
    subscribers.put(id, new Subscriber(visible, state.cluster().timeNanos()));
    Optional<List<Event>> missed =
        lastIndex
            .filter(last -> last >= completeAfter && last <= latestIndex)
            .map(last -> missed(last, visible));
    return new Beginning(now.with(state), latestIndex, missed);
  }

  private List<Event> missed(long lastIndex, Visibility visible) {
    List<Event> missed = new ArrayList<>();
    for (OperatorEvent event : remembered) {
      if (event.message().getLogIndex() > lastIndex) {
        event.shownTo(visible).ifPresent(missed::add);
      }
    }
    return missed;
  }

  private Event first(Beginning beginning, Visibility visible) {
    Event.Builder event =
        Event.newBuilder().setType(Event.Type.SUBSCRIBED).setLogIndex(beginning.index());
    var subscribed =
        event.getSubscribedBuilder().setHeartbeatIntervalSeconds(settings.heartbeatSeconds());
    if (beginning.missed().isEmpty()) {
      Gauges none = new Gauges(0, 0, 0, 0, new TreeMap<>());
      subscribed.setGetState(
          new OperatorReads(beginning.picture(), versions, visible, none).state());
    } else {
      // What it holds is true up to here; what it missed comes next.
      event.clearLogIndex();
    }
    return event.build();
  }

  private static List<Event> all(Event subscribed, Beginning beginning, List<Event> waiting) {
    List<Event> all = new ArrayList<>();
    all.add(subscribed);
    all.addAll(beginning.missed().orElse(List.of()));
    all.add(heartbeat(beginning.index()));
    all.addAll(waiting);
    return all;
  }

  /** They go the way of the events, so that one never overtakes what it says was sent. */
  private void heartbeats(String id) {
    vertx.setPeriodic(
        settings.heartbeatSeconds() * 1000L,
        timer -> {
          synchronized (this) {
            if (subscribers.containsKey(id)) {
              sink.send(id, heartbeat(latestIndex));
            } else {
              vertx.cancelTimer(timer);
            }
          }
        });
  }

  private static Event heartbeat(long index) {
    return Event.newBuilder().setType(Event.Type.HEARTBEAT).setLogIndex(index).build();
  }

  private synchronized void forget(String id) {
    subscribers.remove(id);
  }
}
