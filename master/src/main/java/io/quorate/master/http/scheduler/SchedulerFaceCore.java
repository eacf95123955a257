package io.quorate.master.http.scheduler;

import io.quorate.master.event.CloseStream;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.http.access.RateLimits;
import io.quorate.master.http.face.EventStream;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.Exchange;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that the scheduler face decides about a decoded call, without a clock, a thread or a socket:
 * the checks in Mesos's order, the pace of each principal, the answer, and the stream of a
 * subscription with its resumption, heartbeats and end (Mesos 1.3 to 1.5). {@link SchedulerFace}
 * drives it over HTTP and the simulator over a simulated network. No thread may enter while another
 * is inside.
 */
public final class SchedulerFaceCore {
  public static final String STREAM_ID = "Mesos-Stream-Id";

  /** Of a SUBSCRIBE: the index of the last event that the framework has handled. */
  public static final String LAST_INDEX = "Quorate-Last-Index";

  /** Of the answer: from where the framework is told what it missed, or "no". */
  public static final String RESUMED = "Quorate-Resumed";

  private static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private final Settings settings;
  private final RateLimits rateLimits;
  private final FaceEnvironment environment;
  private final EventStreams<Event> streams;
  private final Resumption resumption;
  private final InFlight inFlight;

  /**
   * The bounds of the face.
   *
   * @param callsInFlightMax calls of one framework that may wait for their answer; one more gets
   *     429
   * @param heartbeatNanos between two heartbeats on a stream (CP-044)
   * @param backlogBytesMax of the events that a framework which resumes is told one by one; one
   *     that missed more is told the state of its tasks
   */
  public record Settings(int callsInFlightMax, long heartbeatNanos, int backlogBytesMax) {}

  /**
   * Makes a face without streams.
   *
   * @param streams where the core of the master sends what frameworks are told
   * @param backlog reads what a framework missed; it may block
   */
  public SchedulerFaceCore(
      Settings settings,
      RateLimits rateLimits,
      FaceEnvironment environment,
      EventStreams<Event> streams,
      Backlog backlog) {
    this.settings = settings;
    this.rateLimits = rateLimits;
    this.environment = environment;
    this.streams = streams;
    this.resumption = new Resumption(environment, backlog, settings.backlogBytesMax());
    this.inFlight = new InFlight(settings.callsInFlightMax());
  }

  private MasterView view() {
    return environment.core().view();
  }

  /**
   * Takes a decoded call.
   *
   * @param principal who logged in; empty if nobody had to
   */
  public void take(FaceRequest request, String principal, Call call, Exchange<Event> exchange) {
    Asked asked = new Asked(request, principal, call, exchange);
    if (!view().leading()) {
      exchange.answer(Reply.elsewhere(view(), request.target()));
      return;
    }
    Optional<String> wrong = SchedulerValidation.validate(call, principal);
    if (wrong.isPresent()) {
      exchange.answer(Reply.text(400, "Failed to validate scheduler::Call: " + wrong.get()));
    } else {
      pace(asked);
    }
  }

  /** One call, who asked it, and where it is answered. */
  private record Asked(FaceRequest request, String principal, Call call, Exchange<Event> exchange) {

    /** The log says who asked, where that is known. */
    io.quorate.master.event.Call onStream(Optional<String> streamId) {
      SchedulerCall.Builder scheduler = SchedulerCall.newBuilder().setCall(call);
      streamId.ifPresent(scheduler::setStreamId);
      io.quorate.master.event.Call.Builder logged =
          io.quorate.master.event.Call.newBuilder().setScheduler(scheduler);
      if (!principal.isEmpty()) {
        logged.setPrincipal(principal);
      }
      return logged.build();
    }
  }

  /** At the pace of its principal (CP-461). */
  private void pace(Asked asked) {
    String owner = asked.principal().isEmpty() ? owner(asked.call()) : asked.principal();
    OptionalLong wait = rateLimits.take(owner, environment.tickerNanos().getAsLong());
    if (wait.isEmpty()) {
      asked
          .exchange()
          .answer(
              Reply.text(
                      429,
                      "Principal '" + owner + "' is over its rate limit. The call was not done")
                  .retryAfter(rateLimits.retryAfterSeconds(owner)));
    } else if (wait.getAsLong() == 0) {
      handOn(asked);
    } else {
      asked.exchange().after(wait.getAsLong(), () -> handOn(asked));
    }
  }

  /** What the framework says of itself; empty if it is not known. */
  private String owner(Call call) {
    return call.getType() == Call.Type.SUBSCRIBE
        ? call.getSubscribe().getFrameworkInfo().getPrincipal()
        : known(call).map(framework -> framework.info().getPrincipal()).orElse("");
  }

  private Optional<Framework> known(Call call) {
    return view().state().frameworks().find(new FrameworkId(call.getFrameworkId().getValue()));
  }

  private void handOn(Asked asked) {
    if (asked.call().getType() == Call.Type.SUBSCRIBE) {
      subscribe(asked);
    } else {
      submit(asked);
    }
  }

  private void submit(Asked asked) {
    Exchange<Event> exchange = asked.exchange();
    // Those that are not known count as one, or their names would have no bound.
    String framework = known(asked.call()).map(known -> known.id().value()).orElse("");
    if (!inFlight.begin(framework)) {
      String why =
          "More than "
              + settings.callsInFlightMax()
              + " calls of this framework wait for their answer. The call was not done";
      exchange.answer(Reply.text(429, why).retryAfter(1));
      return;
    }
    exchange.submit(
        asked.onStream(asked.request().header(STREAM_ID)),
        (answer, failure) -> {
          inFlight.end(framework);
          boolean update = asked.call().getType() == Call.Type.UPDATE_FRAMEWORK;
          exchange.answer(
              Reply.ofNotDone(view(), asked.request().target(), answer, failure)
                  .orElseGet(() -> Reply.empty(update ? 200 : 202)));
        });
  }

  private void subscribe(Asked asked) {
    FaceRequest request = asked.request();
    Exchange<Event> exchange = asked.exchange();
    Optional<MediaType> accepted = MediaType.accepted(request.header("Accept").orElse(null));
    if (accepted.isEmpty()) {
      exchange.answer(
          Reply.text(
              406, "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'"));
      return;
    }
    if (request.header(STREAM_ID).isPresent()) {
      exchange.answer(
          Reply.text(400, "Subscribe calls should not include the 'Mesos-Stream-Id' header"));
      return;
    }
    OptionalLong lastIndex;
    try {
      lastIndex = Resumption.lastIndex(request.header(LAST_INDEX));
    } catch (NumberFormatException e) {
      exchange.answer(Reply.text(400, "The header '" + LAST_INDEX + "' must be a whole number"));
      return;
    }
    String streamId = environment.uuids().get();
    Subscription subscription = new Subscription(streamId, exchange);
    EventStreams<Event>.Stream stream = streams.register(streamId, exchange, subscription);
    subscription.stream = stream;
    Reply head = Reply.empty(200).with(STREAM_ID, streamId);
    exchange.submit(
        asked.onStream(Optional.of(streamId)),
        (answer, failure) -> {
          Optional<Reply> notDone = Reply.ofNotDone(view(), request.target(), answer, failure);
          if (notDone.isPresent()) {
            stream.drop();
            exchange.answer(notDone.get());
          } else if (lastIndex.isPresent()) {
            resumption.open(
                exchange,
                stream,
                lastIndex.getAsLong(),
                resumed -> exchange.begin(head.with(RESUMED, resumed), accepted.get()));
          } else {
            stream.open(() -> exchange.begin(head, accepted.get()), events -> events);
          }
        });
  }

  /** What a stream needs besides its bytes: heartbeats, and the word to the core when it ends. */
  private final class Subscription implements EventStream.Owner<Event> {
    private final String streamId;
    private final Exchange<Event> exchange;
    private EventStreams<Event>.Stream stream;
    private String frameworkId = "";
    private long lastIndex;

    Subscription(String streamId, Exchange<Event> exchange) {
      this.streamId = streamId;
      this.exchange = exchange;
    }

    /** The second event of a stream is a heartbeat (CP-043). */
    @Override
    public void sent(Event event) {
      lastIndex = Math.max(lastIndex, event.getLogIndex());
      if (event.getType() == Event.Type.SUBSCRIBED) {
        frameworkId = event.getSubscribed().getFrameworkId().getValue();
        if (stream.sendNext(heartbeat())) {
          beatLater();
        }
      }
    }

    private void beatLater() {
      exchange.after(
          settings.heartbeatNanos(),
          () -> {
            if (stream.send(heartbeat())) {
              beatLater();
            }
          });
    }

    /** Of the entry sent last more may follow: only those before it are complete. */
    private Event heartbeat() {
      return lastIndex == 0 ? HEARTBEAT : HEARTBEAT.toBuilder().setLogIndex(lastIndex - 1).build();
    }

    @Override
    public void lost() {
      if (!frameworkId.isEmpty()) {
        exchange.submit(
            io.quorate.master.event.Call.newBuilder()
                .setCloseStream(
                    CloseStream.newBuilder().setFrameworkId(frameworkId).setStreamId(streamId))
                .build(),
            (answer, failure) -> {});
      }
    }
  }
}
