package io.quorate.master.leader;

/**
 * Where committed effects leave the master: the open event streams of one face. Called by the core
 * thread only, in log order; must not block.
 *
 * @param <E> the event message of the face
 */
public interface EventSink<E> {

  /** Sends an event on a stream; one that is not open here any more drops it. */
  void send(String streamId, E event);

  /** Ends a stream after what was sent on it. */
  void end(String streamId);

  /** Ends all streams: this master leads no longer. */
  void endAll();
}
