package io.quorate.master.http.server;

import io.quorate.protocol.http.Jsonp;
import io.quorate.protocol.json.MediaType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that may be large, written from a frozen state. They are made on threads of their own, a
 * few at a time, and then wait in memory for readers, who cost no thread and delay nobody. How much
 * waits is bounded, and for how long.
 */
public final class Views {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);
  private static final int THREADS = 2;

  private final Vertx vertx;
  private final Limits limits;
  private final WorkerExecutor workers;
  private final AtomicLong unread = new AtomicLong();

  /**
   * The bounds.
   *
   * @param unreadBytesMax of answers that wait for their readers; with so much, the next gets 503
   * @param atMost how long a reader may take before it is cut off
   */
  public record Limits(long unreadBytesMax, Duration atMost) {
    /** A quarter of the heap, and two minutes. */
    public static final Limits DEFAULT =
        new Limits(Runtime.getRuntime().maxMemory() / 4, Duration.ofMinutes(2));
  }

  public Views(Vertx vertx, Limits limits) {
    this.vertx = vertx;
    this.limits = limits;
    this.workers = vertx.createSharedWorkerExecutor("views", THREADS);
  }

  /** Writes one. */
  public interface View {
    void write(OutputStream out) throws IOException;
  }

  /** A few bytes, at once and whoever else reads slowly; jsonp as with {@link #json}. */
  public void small(HttpServerRequest request, View view) {
    inForm(
        request,
        view,
        (type, written) -> {
          Bytes bytes = new Bytes();
          try {
            written.write(bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          var unused =
              Replies.start(request, 200).putHeader("Content-Type", type).end(bytes.buffer);
        });
  }

  /** As JSON; with {@code ?jsonp=f}, as a call of that function (CP-012). */
  public void json(HttpServerRequest request, View view) {
    inForm(request, view, (type, written) -> send(request, type, written));
  }

  private static void inForm(
      HttpServerRequest request, View view, BiConsumer<String, View> sending) {
    String function = request.getParam(Jsonp.PARAMETER);
    if (function == null) {
      sending.accept(MediaType.JSON.text(), view);
    } else if (!Jsonp.validName(function)) {
      Replies.text(request, 400, "The parameter 'jsonp' must be the name of a function");
    } else {
      sending.accept(
          Jsonp.CONTENT_TYPE,
          out -> {
            out.write((function + "(").getBytes(StandardCharsets.UTF_8));
            view.write(out);
            out.write(");".getBytes(StandardCharsets.UTF_8));
          });
    }
  }

  /** Of any type. */
  public void send(HttpServerRequest request, String type, View view) {
    HttpServerResponse response = request.response();
    Context context = Vertx.currentContext();
    workers
        .executeBlocking(
            () -> {
              if (response.closed() || unread.get() >= limits.unreadBytesMax()) {
                return null;
              }
              Bytes bytes = new Bytes();
              view.write(bytes);
              // Counted before the next one is begun.
              unread.addAndGet(bytes.buffer.length());
              return bytes.buffer;
            },
            false)
        .onSuccess(
            body ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (body == null) {
                        refuse(request);
                      } else {
                        write(request, type, body);
                      }
                    }))
        .onFailure(
            failure -> {
              LOG.error("A view could not be made: {}", request.path(), failure);
              Replies.later(
                  context,
                  request,
                  () -> Replies.text(request, 500, "The view failed: see the master's log"));
            });
  }

  private void refuse(HttpServerRequest request) {
    if (!request.response().closed()) {
      request.response().putHeader("Retry-After", "1");
      Replies.text(
          request,
          503,
          "Answers of "
              + limits.unreadBytesMax()
              + " bytes wait for slow readers. Try again later");
    }
  }

  private void write(HttpServerRequest request, String type, Buffer body) {
    int length = body.length();
    long timer =
        vertx.setTimer(
            limits.atMost().toMillis(),
            id -> {
              LOG.warn("A reader of {} takes too long: cut off", request.path());
              var unused = request.connection().close();
            });
    Replies.start(request, 200)
        .putHeader("Content-Type", type)
        .end(body)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              unread.addAndGet(-length);
            });
  }

  /** What waits for readers. */
  public long unreadBytes() {
    return unread.get();
  }

  /** One buffer from the first byte to the wire. */
  private static final class Bytes extends OutputStream {
    private final Buffer buffer = Buffer.buffer();

    @Override
    public void write(int octet) {
      buffer.appendByte((byte) octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.appendBytes(bytes, offset, length);
    }
  }
}
