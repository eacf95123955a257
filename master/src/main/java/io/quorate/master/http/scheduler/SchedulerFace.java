package io.quorate.master.http.scheduler;

import io.quorate.master.event.CloseStream;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.CallReader;
import io.quorate.master.http.server.EventStreams;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.recordio.RecordIo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * {@code POST /api/v1/scheduler}: the checks in Mesos's order, then the core (Mesos 1.3 to 1.5).
 */
public final class SchedulerFace {
  public static final String STREAM_ID = "Mesos-Stream-Id";

  /** Of a SUBSCRIBE: the index of the last event that the framework has handled. */
  public static final String LAST_INDEX = "Quorate-Last-Index";

  /** Of the answer: from where the framework is told what it missed, or "no". */
  public static final String RESUMED = "Quorate-Resumed";

  private static final Event HEARTBEAT = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

  private final Vertx vertx;
  private final FaceSettings settings;
  private final MasterCore core;
  private final EventStreams<Event> streams;
  private final Resumption resumption;
  private final InFlight inFlight;

  public SchedulerFace(
      Vertx vertx,
      FaceSettings settings,
      MasterCore core,
      EventStreams<Event> streams,
      LogBook book) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.streams = streams;
    this.resumption = new Resumption(vertx, core, book, settings.streamBufferBytesMax());
    this.inFlight = new InFlight(settings.callsInFlightMax());
  }

  public void handle(HttpServerRequest request, String principal) {
    CallReader.read(
        request,
        core.view(),
        settings.bodyBytesMax(),
        Call.parser(),
        Call.getDefaultInstance(),
        call -> handle(request, principal, call));
  }

  private void handle(HttpServerRequest request, String principal, Call call) {
    Optional<String> wrong = SchedulerValidation.validate(call, principal);
    if (wrong.isPresent()) {
      Replies.text(request, 400, "Failed to validate scheduler::Call: " + wrong.get());
    } else {
      paced(request, principal, call);
    }
  }

  /** At the pace of its principal (CP-461). */
  private void paced(HttpServerRequest request, String principal, Call call) {
    String owner = principal.isEmpty() ? owner(call) : principal;
    OptionalLong wait = settings.rateLimits().take(owner, System.nanoTime());
    if (wait.isEmpty()) {
      long seconds = settings.rateLimits().retryAfterSeconds(owner);
      request.response().putHeader("Retry-After", Long.toString(seconds));
      Replies.text(
          request, 429, "Principal '" + owner + "' is over its rate limit. The call was not done");
    } else if (wait.getAsLong() == 0) {
      handOn(request, principal, call);
    } else {
      vertx.setTimer(
          // Rather too late than too early.
          TimeUnit.NANOSECONDS.toMillis(wait.getAsLong()) + 1,
          id -> {
            if (!request.response().closed()) {
              handOn(request, principal, call);
            }
          });
    }
  }

  /** What the framework says of itself; empty if it is not known. */
  private String owner(Call call) {
    return call.getType() == Call.Type.SUBSCRIBE
        ? call.getSubscribe().getFrameworkInfo().getPrincipal()
        : known(call).map(framework -> framework.info().getPrincipal()).orElse("");
  }

  private Optional<Framework> known(Call call) {
    return core.view().state().frameworks().find(new FrameworkId(call.getFrameworkId().getValue()));
  }

  private void handOn(HttpServerRequest request, String principal, Call call) {
    if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, principal, call);
    } else {
      submit(request, principal, call);
    }
  }

  private void submit(HttpServerRequest request, String principal, Call call) {
    // Those that are not known count as one, or their names would have no bound.
    String framework = known(call).map(caller -> caller.id().value()).orElse("");
    if (!inFlight.begin(framework)) {
      request.response().putHeader("Retry-After", "1");
      Replies.text(
          request,
          429,
          "More than "
              + inFlight.max()
              + " calls of this framework wait for their answer. The call was not done");
      return;
    }
    SchedulerCall.Builder asked = SchedulerCall.newBuilder().setCall(call);
    if (request.getHeader(STREAM_ID) != null) {
      asked.setStreamId(request.getHeader(STREAM_ID));
    }
    Context context = Vertx.currentContext();
    core.submit(asked(principal, asked))
        .whenComplete((answer, failure) -> inFlight.end(framework))
        .whenComplete(
            (answer, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (failure != null) {
                        Replies.unavailable(request, core.view(), failure);
                      } else if (answer instanceof Answer.Refused refused) {
                        Replies.text(request, refused.why().status(), refused.why().message());
                      } else {
                        Replies.empty(
                            request, call.getType() == Call.Type.UPDATE_FRAMEWORK ? 200 : 202);
                      }
                    }));
  }

  private void subscribe(HttpServerRequest request, String principal, Call call) {
    Optional<MediaType> accepted = MediaType.accepted(request.getHeader("Accept"));
    if (accepted.isEmpty()) {
      Replies.text(
          request,
          406,
          "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
      return;
    }
    if (request.getHeader(STREAM_ID) != null) {
      Replies.text(request, 400, "Subscribe calls should not include the 'Mesos-Stream-Id' header");
      return;
    }
    OptionalLong lastIndex;
    try {
      lastIndex = Resumption.lastIndex(request.getHeader(LAST_INDEX));
    } catch (NumberFormatException e) {
      Replies.text(request, 400, "The header '" + LAST_INDEX + "' must be a whole number");
      return;
    }
    MediaType type = accepted.get();
    String streamId = UUID.randomUUID().toString();
    Subscription subscription = new Subscription(streamId);
    EventStreams<Event>.Stream stream =
        streams.register(
            streamId,
            request,
            event -> RecordIo.encode(type.encode(event)),
            subscription::sent,
            subscription::closed);
    subscription.stream = stream;
    SchedulerCall.Builder asked = SchedulerCall.newBuilder().setCall(call).setStreamId(streamId);
    Context context = Vertx.currentContext();
    core.submit(asked(principal, asked))
        .whenComplete(
            (answer, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (failure != null) {
                        stream.drop();
                        Replies.unavailable(request, core.view(), failure);
                      } else if (answer instanceof Answer.Refused refused) {
                        stream.drop();
                        Replies.text(request, refused.why().status(), refused.why().message());
                      } else if (lastIndex.isPresent()) {
                        resumption.open(
                            request,
                            stream,
                            lastIndex.getAsLong(),
                            resumed -> {
                              request.response().putHeader(RESUMED, resumed);
                              head(request, streamId, type);
                            });
                      } else {
                        stream.open(response -> head(request, streamId, type));
                      }
                    }));
  }

  /** The log says who asked, where that is known. */
  private static io.quorate.master.event.Call asked(String principal, SchedulerCall.Builder asked) {
    io.quorate.master.event.Call.Builder call =
        io.quorate.master.event.Call.newBuilder().setScheduler(asked);
    if (!principal.isEmpty()) {
      call.setPrincipal(principal);
    }
    return call.build();
  }

  private static void head(HttpServerRequest request, String streamId, MediaType type) {
    Replies.start(request, 200)
        .putHeader(STREAM_ID, streamId)
        .putHeader("Content-Type", type.text());
  }

  /** What a stream needs besides its bytes: heartbeats, and the word to the core when it ends. */
  private final class Subscription {
    private final String streamId;
    private EventStreams<Event>.Stream stream;
    private String frameworkId = "";
    private long timer = -1;
    private long lastIndex;

    Subscription(String streamId) {
      this.streamId = streamId;
    }

    /** The second event of a stream is a heartbeat (CP-043). */
    void sent(Event event) {
      lastIndex = Math.max(lastIndex, event.getLogIndex());
      if (event.getType() == Event.Type.SUBSCRIBED) {
        frameworkId = event.getSubscribed().getFrameworkId().getValue();
        stream.writeNext(heartbeat());
        timer =
            vertx.setPeriodic(
                settings.heartbeatSeconds() * 1000L,
                id -> {
                  if (!stream.write(heartbeat())) {
                    vertx.cancelTimer(id);
                  }
                });
      }
    }

    /** Of the entry sent last more may follow: only those before it are complete. */
    private Event heartbeat() {
      return lastIndex == 0 ? HEARTBEAT : HEARTBEAT.toBuilder().setLogIndex(lastIndex - 1).build();
    }

    void closed() {
      vertx.cancelTimer(timer);
      if (!frameworkId.isEmpty()) {
        var unused =
            core.submit(
                io.quorate.master.event.Call.newBuilder()
                    .setCloseStream(
                        CloseStream.newBuilder().setFrameworkId(frameworkId).setStreamId(streamId))
                    .build());
      }
    }
  }
}
