package io.quorate.master.http.server;

import io.quorate.master.leader.EventSink;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open streams of one face, by their ids. Each lives on its connection's event loop; a stream
 * costs no thread. What a reader has not taken is bounded: one that is too slow is cut off, and
 * gets what it missed when it comes back.
 *
 * @param <E> the event message
 */
public final class EventStreams<E> implements EventSink<E> {
  private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

  private final Map<String, Stream> streams = new ConcurrentHashMap<>();
  private final int bufferBytesMax;

  public EventStreams(int bufferBytesMax) {
    this.bufferBytesMax = bufferBytesMax;
  }

  /**
   * Registers a stream that is not open yet: what is sent on it waits. Event loop of the request.
   *
   * @param encode makes the framed bytes of one event
   * @param onSend sees every event before it is written
   * @param onClosed told once when the client's side of the connection ended
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

  /** One stream. Its own event loop only. */
  public final class Stream {
    private final String id;
    private final HttpServerResponse response;
    private final io.vertx.core.http.HttpConnection connection;
    private final Context context = Vertx.currentContext();
    private final Function<E, byte[]> encode;
    private final Consumer<E> onSend;
    private final Runnable onClosed;
    private final List<E> waiting = new ArrayList<>();
    private boolean opened;
    private boolean ended;
    private boolean endWhenOpen;

    /** The client hung up before the stream was opened. */
    private boolean left;

    private long unread;

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
      return List.copyOf(waiting);
    }

    /** Writes the head, and what waited. */
    public void open(Consumer<HttpServerResponse> head) {
      open(head, all -> all);
    }

    /** Writes the head, and what is to be written in place of what waited. */
    public void open(Consumer<HttpServerResponse> head, UnaryOperator<List<E>> instead) {
      if (ended) {
        return;
      }
      opened = true;
      if (left) {
        tellWhoLeft();
        return;
      }
      head.accept(response);
      response.setChunked(true);
      List<E> first = instead.apply(List.copyOf(waiting));
      waiting.clear();
      first.forEach(this::write);
      if (endWhenOpen) {
        end();
      }
    }

    /** What was sent says whose stream it was; the core believes that it is open. */
    private void tellWhoLeft() {
      ended = true;
      streams.remove(id, this);
      waiting.forEach(onSend);
      waiting.clear();
      onClosed.run();
    }

    /** It will not be opened. */
    public void drop() {
      ended = true;
      streams.remove(id, this);
    }

    /** False if the stream is over. */
    public boolean write(E event) {
      if (ended) {
        return false;
      }
      if (!opened) {
        waiting.add(event);
        return true;
      }
      byte[] bytes = encode.apply(event);
      unread += bytes.length;
      if (unread > bufferBytesMax) {
        LOG.warn("Stream {} does not read: cut off at {} bytes", id, unread);
        closed();
        var unused = connection.close();
        return false;
      }
      response.write(Buffer.buffer(bytes)).onComplete(done -> unread -= bytes.length);
      onSend.accept(event);
      return true;
    }

    private void end() {
      if (!opened) {
        endWhenOpen = true;
      } else if (!ended) {
        ended = true;
        streams.remove(id, this);
        var unused = response.end();
      }
    }

    private void closed() {
      if (!opened) {
        left = true;
      } else if (!ended) {
        ended = true;
        streams.remove(id, this);
        onClosed.run();
      }
    }
  }
}
