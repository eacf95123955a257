package io.quorate.master.http.server;

import com.google.protobuf.MessageLite;
import io.quorate.master.leader.EventSink;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of one face, by their ids: what {@link EventStream} says is done on real
 * connections. Each stream lives on its connection's event loop; it costs no thread. Any thread may
 * send.
 *
 * @param <E> the event message
 */
public final class EventStreams<E extends MessageLite> implements EventSink<E> {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  private final Map<String, Stream> streams = new ConcurrentHashMap<>();
  private final int bufferBytesMax;

  /**
   * No streams yet.
   *
   * @param bufferBytesMax what may wait for one reader before it is cut off
   */
  public EventStreams(int bufferBytesMax) {
    this.bufferBytesMax = bufferBytesMax;
  }

  /**
   * Registers a stream that is not open yet: what is sent on it waits. It is called on the event
   * loop of the request.
   *
   * @param encode makes the framed bytes of one event
   * @param onSend sees every event before it is written
   * @param onClosed is told once when the client's side of the connection ended
   */
  public Stream register(
      String id,
      HttpServerRequest request,
      Function<E, byte[]> encode,
      Consumer<E> onSend,
      Runnable onClosed) {
    Stream stream = new Stream(id, request, encode, onSend, onClosed);
    streams.put(id, stream);
    return stream;
  }

  /** How many streams are registered. */
  public int open() {
    return streams.size();
  }

  @Override
  public void send(String id, E event) {
    Stream stream = streams.get(id);
    if (stream != null) {
      stream.context.runOnContext(nothing -> stream.write(event));
    }
  }

  @Override
  public void end(String id) {
    Stream stream = streams.get(id);
    if (stream != null) {
      stream.context.runOnContext(nothing -> stream.end());
    }
  }

  /** This master leads no longer: clients find the next one on their own. */
  @Override
  public void endAll() {
    streams.values().forEach(stream -> stream.context.runOnContext(nothing -> stream.end()));
  }

  /** One stream. It is used on its own event loop only. */
  public final class Stream {
    private final String id;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final Context context = Vertx.currentContext();
    private final Function<E, byte[]> encode;
    private final Consumer<E> onSend;
    private final Runnable onClosed;
    private final EventStream<E> core =
        new EventStream<>(bufferBytesMax, new Connection(), new Opener());

    private Stream(
        String id,
        HttpServerRequest request,
        Function<E, byte[]> encode,
        Consumer<E> onSend,
        Runnable onClosed) {
      this.id = id;
      this.response = request.response();
      this.connection = request.connection();
      this.encode = encode;
      this.onSend = onSend;
      this.onClosed = onClosed;
      response.closeHandler(nothing -> closed());
      response.exceptionHandler(failure -> LOG.debug("Stream {} broke", id, failure));
    }

    /** What was sent so far, which is not written before the stream is opened. */
    public List<E> waiting() {
      return core.waiting();
    }

    /** Writes the head, and what waited. */
    public void open(Consumer<HttpServerResponse> head) {
      open(head, all -> all);
    }

    /** Writes the head, and what is to be written in place of what waited. */
    public void open(Consumer<HttpServerResponse> head, UnaryOperator<List<E>> instead) {
      core.open(
          () -> {
            head.accept(response);
            response.setChunked(true);
          },
          instead);
      forgetIfOver();
    }

    /** Another answer is given: the stream will not be opened. */
    public void drop() {
      core.drop();
      forgetIfOver();
    }

    /** Sends an event; false if the stream is over. */
    public boolean write(E event) {
      boolean goesOn = core.send(event);
      forgetIfOver();
      return goesOn;
    }

    /** Sends an event ahead of what waits; false if the stream is over. */
    public boolean writeNext(E event) {
      boolean goesOn = core.sendNext(event);
      forgetIfOver();
      return goesOn;
    }

    private void end() {
      core.end();
      forgetIfOver();
    }

    private void closed() {
      core.clientLeft();
      forgetIfOver();
    }

    private void forgetIfOver() {
      if (core.over()) {
        streams.remove(id, this);
      }
    }

    /** The connection, as the core sees it. */
    private final class Connection implements EventStream.Wire<E> {
      @Override
      public int write(E event) {
        byte[] bytes = encode.apply(event);
        response
            .write(Buffer.buffer(bytes))
            .onComplete(
                done -> {
                  core.read(bytes.length);
                  forgetIfOver();
                });
        return bytes.length;
      }

      @Override
      public void end() {
        var unused = response.end();
      }

      @Override
      public void cut() {
        LOG.warn("Stream {} does not read: cut off at {} bytes", id, bufferBytesMax);
        var unused = connection.close();
      }
    }

    /** The face that registered the stream, as the core sees it. */
    private final class Opener implements EventStream.Owner<E> {
      @Override
      public void sent(E event) {
        onSend.accept(event);
      }

      @Override
      public void lost() {
        onClosed.run();
      }
    }
  }
}
