package io.quorate.master.http.face;

import com.google.protobuf.MessageLite;
import io.quorate.master.leader.EventSink;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The open streams of one face, by their ids. All of it happens on the thread of the face: where
 * the core has another one, what it sends is handed over.
 *
 * @param <E> the event message
 */
public final class EventStreams<E extends MessageLite> implements EventSink<E> {
  private final TreeMap<String, Stream> streams = new TreeMap<>();
  private final int bufferBytesMax;

  /**
   * Makes a table without streams.
   *
   * @param bufferBytesMax what may wait for one reader before it is cut off
   */
  public EventStreams(int bufferBytesMax) {
    this.bufferBytesMax = bufferBytesMax;
  }

  /** Registers a stream that is not open yet: what is sent on it waits. */
  public Stream register(String id, Exchange<E> exchange, EventStream.Owner<E> owner) {
    Stream stream = new Stream(id, exchange, owner);
    streams.put(id, stream);
    exchange.attach(stream);
    return stream;
  }

  /** Returns the ids of the streams that are registered. */
  public SortedSet<String> ids() {
    return Collections.unmodifiableSortedSet(streams.navigableKeySet());
  }

  @Override
  public void send(String id, E event) {
    Stream stream = streams.get(id);
    if (stream != null) {
      stream.send(event);
    }
  }

  @Override
  public void end(String id) {
    Stream stream = streams.get(id);
    if (stream != null) {
      stream.end();
    }
  }

  /** This master leads no longer: clients find the next one on their own. */
  @Override
  public void endAll() {
    List.copyOf(streams.values()).forEach(Stream::end);
  }

  /** One stream, which is forgotten when it is over. */
  public final class Stream implements Exchange.Reader {
    private final String id;
    private final EventStream<E> events;

    private Stream(String id, Exchange<E> exchange, EventStream.Owner<E> owner) {
      this.id = id;
      this.events = new EventStream<>(bufferBytesMax, exchange, owner);
    }

    /** Returns what was sent so far, which is not written before the stream is opened. */
    public List<E> waiting() {
      return events.waiting();
    }

    /** Writes the head, and what is to be written in place of what waited. */
    public void open(Runnable head, UnaryOperator<List<E>> instead) {
      events.open(head, instead);
      forgetIfOver();
    }

    /** Another answer is given: the stream will not be opened. */
    public void drop() {
      events.drop();
      forgetIfOver();
    }

    /** Sends an event; false if the stream is over. */
    public boolean send(E event) {
      boolean goesOn = events.send(event);
      forgetIfOver();
      return goesOn;
    }

    /** Sends an event ahead of what waits; false if the stream is over. */
    public boolean sendNext(E event) {
      boolean goesOn = events.sendNext(event);
      forgetIfOver();
      return goesOn;
    }

    @Override
    public void read(int bytes) {
      events.read(bytes);
      forgetIfOver();
    }

    @Override
    public void left() {
      events.clientLeft();
      forgetIfOver();
    }

    private void end() {
      events.end();
      forgetIfOver();
    }

    private void forgetIfOver() {
      if (events.over()) {
        streams.remove(id, this);
      }
    }
  }
}
