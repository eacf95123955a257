package io.quorate.master.http.face;

import com.google.protobuf.MessageLite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One stream of events to a client, without a clock, a thread or a socket: what waits before it is
 * opened, what waits for the reader, when it is cut off, and who is told of its end. The server
 * does what it says on a real connection, the simulator on a simulated one. No thread may enter
 * while another is inside.
 *
 * <p>What was sent and not yet read is bounded, before the stream is opened and after. A stream
 * that exceeds the bound is cut off; its client gets what it missed when it comes back. What a
 * stream begins with is written as the reader takes it, and does not count.
 *
 * @param <E> the event message
 */
public final class EventStream<E extends MessageLite> {

  /** The connection below the stream. */
  public interface Wire<E> {
    /**
     * Writes one event behind those before it.
     *
     * @return how many bytes the reader has to take; {@link EventStream#read} is called when it did
     */
    int write(E event);

    /** Ends the answer, after what was written. */
    void end();

    /** Closes the connection at once. */
    void cut();
  }

  /** Whoever opened the stream. */
  public interface Owner<E> {
    /** Sees every event when it is written; it may send more. */
    void sent(E event);

    /** The stream is over, and the client did not hear of it from this master. */
    void lost();
  }

  private enum Phase {
    WAITING,
    OPEN,
    OVER
  }

  private final int bufferBytesMax;
  private final Wire<E> wire;
  private final Owner<E> owner;

  /**
   * What is not written yet: all before the stream is opened, then what the reader is too slow for.
   */
  private final ArrayDeque<E> waiting = new ArrayDeque<>();

  /** How many of those that wait are what the stream begins with. */
  private int beginning;

  private long waitingBytes;
  private long unreadBytes;
  private Phase phase = Phase.WAITING;
  private boolean clientLeft;
  private boolean endRequested;
  private boolean writing;

  /**
   * A stream that is not open yet.
   *
   * @param bufferBytesMax what may wait for the reader before it is cut off
   */
  public EventStream(int bufferBytesMax, Wire<E> wire, Owner<E> owner) {
    this.bufferBytesMax = bufferBytesMax;
    this.wire = wire;
    this.owner = owner;
  }

  /** What was sent so far, while the stream is not open. */
  public List<E> waiting() {
    return List.copyOf(waiting);
  }

  /** Whether nothing more will be written. */
  public boolean over() {
    return phase == Phase.OVER;
  }

  /** Sends an event; false if the stream is over. */
  public boolean send(E event) {
    if (phase == Phase.OVER) {
      return false;
    }
    waiting.add(event);
    waitingBytes += event.getSerializedSize();
    if (phase == Phase.OPEN) {
      pump();
    }
    if (phase != Phase.OVER && waitingBytes + unreadBytes > bufferBytesMax) {
      cut();
    }
    return phase != Phase.OVER;
  }

  /** Sends an event ahead of what waits; false if the stream is over. */
  public boolean sendNext(E event) {
    if (phase != Phase.OVER) {
      waiting.addFirst(event);
      beginning++;
      pump();
    }
    return phase != Phase.OVER;
  }

  /**
   * Opens the stream.
   *
   * @param head writes the head of the answer
   * @param instead what is to be written in place of what waited
   */
  public void open(Runnable head, UnaryOperator<List<E>> instead) {
    if (phase != Phase.WAITING) {
      return;
    }
    if (clientLeft) {
      lose();
      return;
    }
    phase = Phase.OPEN;
    head.run();
    List<E> first = instead.apply(waiting());
    waiting.clear();
    waiting.addAll(first);
    beginning = first.size();
    waitingBytes = 0;
    pump();
  }

  /** The reader took this many bytes. */
  public void read(int bytes) {
    unreadBytes -= bytes;
    if (phase == Phase.OPEN) {
      pump();
    }
  }

  /** Writes what waits as far as the reader keeps up. */
  private void pump() {
    if (writing || phase != Phase.OPEN) {
      return;
    }
    writing = true;
    while (phase == Phase.OPEN && !waiting.isEmpty() && unreadBytes <= bufferBytesMax / 2) {
      E event = waiting.poll();
      if (beginning > 0) {
        beginning--;
      } else {
        waitingBytes -= event.getSerializedSize();
      }
      // The reader may take it before write returns, and that changes the sum.
      int bytes = wire.write(event);
      unreadBytes += bytes;
      owner.sent(event);
    }
    writing = false;
    if (phase == Phase.OPEN && waiting.isEmpty() && endRequested) {
      phase = Phase.OVER;
      wire.end();
    }
  }

  /** Ends the stream after what was sent on it; before it is open, as soon as it is. */
  public void end() {
    endRequested = true;
    if (phase == Phase.OPEN) {
      pump();
    }
  }

  /** The stream will not be opened: another answer is given in its place. */
  public void drop() {
    phase = Phase.OVER;
    waiting.clear();
  }

  /** The client closed its side. */
  public void clientLeft() {
    if (phase == Phase.WAITING) {
      clientLeft = true;
    } else if (phase == Phase.OPEN) {
      phase = Phase.OVER;
      owner.lost();
    }
  }

  private void cut() {
    lose();
    wire.cut();
  }

  /** What was sent tells the owner whose stream it was: to the masters it is open. */
  private void lose() {
    List<E> unwritten = new ArrayList<>(waiting);
    waiting.clear();
    phase = Phase.OVER;
    unwritten.forEach(owner::sent);
    owner.lost();
  }
}
