package io.quorate.master.http.scheduler;

import io.quorate.master.effect.Missed;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.CallReader;
import io.quorate.master.http.server.HttpExchange;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/scheduler} over HTTP: it reads the call, and performs what a {@link
 * SchedulerFaceCore} decides.
 */
public final class SchedulerFace {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerFace.class);

  private final Vertx vertx;
  private final FaceSettings settings;
  private final MasterCore core;
  private final LogBook book;
  private final SchedulerFaceCore face;

  public SchedulerFace(
      Vertx vertx,
      FaceSettings settings,
      MasterCore core,
      EventStreams<Event> streams,
      LogBook book) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.book = book;
    this.face =
        new SchedulerFaceCore(
            new SchedulerFaceCore.Settings(
                settings.callsInFlightMax(),
                TimeUnit.SECONDS.toNanos(settings.heartbeatSeconds()),
                settings.streamBufferBytesMax()),
            settings.rateLimits(),
            new FaceEnvironment(core, System::nanoTime, () -> UUID.randomUUID().toString()),
            streams,
            this::missed);
  }

  /** Answers a request of this principal, who has no name where nobody has to log in. */
  public void handle(HttpServerRequest request, String principal) {
    CallReader.read(
        request,
        core.view(),
        settings.bodyBytesMax(),
        Call.parser(),
        Call.getDefaultInstance(),
        call ->
            face.take(
                HttpExchange.asked(request),
                principal,
                call,
                new HttpExchange<>(vertx, core, request)));
  }

  /** A history that cannot be read is as good as none. */
  private Optional<Missed> missed(FrameworkId framework, long after, long upTo, long bytesMax) {
    try {
      return book.missed(framework, after, upTo, bytesMax);
    } catch (RuntimeException e) {
      LOG.warn("The history cannot be read after index {}", after, e);
      return Optional.empty();
    }
  }
}
