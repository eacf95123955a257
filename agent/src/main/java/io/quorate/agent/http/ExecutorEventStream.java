package io.quorate.agent.http;

import io.quorate.agent.executor.ExecutorEventFactory;
import io.quorate.agent.executor.ExecutorStream;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.recordio.RecordIo;
import io.quorate.protocol.v1.executor.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This stream is the answer to one SUBSCRIBE. Its head goes out with the first event. What the
 * executor has not read is bounded: one that is too slow is cut off, and may subscribe again.
 */
final class ExecutorEventStream implements ExecutorStream {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorEventStream.class);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final MediaType type;
  private final ExecutorSettings settings;
  private final Consumer<ExecutorStream> broken;
  private final Context context = Vertx.currentContext();

  // Below: this connection's event loop only.
  private boolean opened;
  private boolean over;
  private long unread;
  private long timer = -1;

  /**
   * Makes a stream that is not open yet. It runs on the event loop of the request.
   *
   * @param broken told once if the executor's side of the connection ended
   */
  ExecutorEventStream(
      Vertx vertx,
      HttpServerRequest request,
      MediaType type,
      ExecutorSettings settings,
      Consumer<ExecutorStream> broken) {
    this.vertx = vertx;
    this.request = request;
    this.type = type;
    this.settings = settings;
    this.broken = broken;
    request.response().closeHandler(nothing -> closed());
    request
        .response()
        .exceptionHandler(failure -> LOG.debug("The stream of an executor broke", failure));
  }

  @Override
  public void send(Event event) {
    context.runOnContext(nothing -> write(event));
  }

  @Override
  public void end() {
    context.runOnContext(nothing -> finish());
  }

  /** It will not be opened. */
  void refuse(Runnable instead) {
    context.runOnContext(
        nothing -> {
          if (!over) {
            over = true;
            instead.run();
          }
        });
  }

  private void write(Event event) {
    if (over) {
      return;
    }
    if (!opened) {
      opened = true;
      request.response().setChunked(true).putHeader("Content-Type", type.text());
      timer =
          vertx.setPeriodic(
              settings.heartbeat().toMillis(), id -> write(ExecutorEventFactory.HEARTBEAT));
    }
    byte[] bytes = RecordIo.encode(type.encode(event));
    unread += bytes.length;
    if (unread > settings.unreadBytesMax()) {
      LOG.warn("An executor does not read: cut off at {} bytes", unread);
      closed();
      var unused = request.connection().close();
      return;
    }
    request.response().write(Buffer.buffer(bytes)).onComplete(done -> unread -= bytes.length);
  }

  private void finish() {
    if (!over) {
      over = true;
      vertx.cancelTimer(timer);
      var unused = request.response().end();
    }
  }

  private void closed() {
    if (!over) {
      over = true;
      vertx.cancelTimer(timer);
      broken.accept(this);
    }
  }
}
