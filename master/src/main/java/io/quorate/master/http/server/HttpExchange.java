package io.quorate.master.http.server;

import com.google.protobuf.Message;
import io.quorate.master.event.Call;
import io.quorate.master.http.face.Exchange;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.recordio.RecordIo;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange over HTTP: it performs what a face core decides on a connection of Vert.x. It is made
 * and used on the server's event loop.
 *
 * @param <E> the event message of the face
 */
public final class HttpExchange<E extends Message> implements Exchange<E> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);

  private final Vertx vertx;
  private final MasterCore core;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context loop = Vertx.currentContext();
  private MediaType type = MediaType.PROTOBUF;
  private Reader reader;

  /** Makes the exchange of a request whose body was read. */
  public HttpExchange(Vertx vertx, MasterCore core, HttpServerRequest request) {
    this.vertx = vertx;
    this.core = core;
    this.request = request;
    this.response = request.response();
  }

  /** Returns what a face core sees of a request. */
  public static FaceRequest asked(HttpServerRequest request) {
    return new FaceRequest(
        Replies.target(request), name -> request.getHeader(name), request.remoteAddress().host());
  }

  @Override
  public void answer(Reply reply) {
    Replies.send(request, reply);
  }

  @Override
  public void begin(Reply head, MediaType eventsType) {
    type = eventsType;
    Replies.start(request, head.status());
    head.headers().forEach(response::putHeader);
    response.putHeader("Content-Type", type.text()).setChunked(true);
  }

  @Override
  public void attach(Reader told) {
    reader = told;
    response.closeHandler(nothing -> reader.left());
    response.exceptionHandler(failure -> LOG.debug("A stream broke", failure));
  }

  @Override
  public int write(E event) {
    byte[] record = RecordIo.encode(type.encode(event));
    response.write(Buffer.buffer(record)).onComplete(done -> reader.read(record.length));
    return record.length;
  }

  @Override
  public void end() {
    var unused = response.end();
  }

  @Override
  public void cut() {
    LOG.warn("A stream's reader at {} does not read: cut off", request.remoteAddress());
    var unused = request.connection().close();
  }

  @Override
  public void submit(Call call, BiConsumer<Answer, Throwable> then) {
    core.submit(call)
        .whenComplete((answer, failure) -> run(() -> then.accept(answer, cause(failure))));
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException ? failure.getCause() : failure;
  }

  @Override
  public void after(long nanos, Runnable part) {
    // Rather too late than too early.
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    vertx.setTimer(
        millis,
        id -> {
          if (!response.closed()) {
            Replies.guarded(request, part);
          }
        });
  }

  @Override
  public <T> void aside(Supplier<T> slow, Consumer<T> then) {
    vertx
        .executeBlocking(slow::get, false)
        .onComplete(
            done ->
                run(
                    () -> {
                      if (done.failed()) {
                        throw new IllegalStateException("what was computed aside", done.cause());
                      }
                      then.accept(done.result());
                    }));
  }

  private void run(Runnable part) {
    Replies.later(loop, request, part);
  }
}
