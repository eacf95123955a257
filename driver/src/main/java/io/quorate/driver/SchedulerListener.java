package io.quorate.driver;

import io.quorate.protocol.v1.scheduler.Event;

/** A framework's side of a {@link SchedulerClient}. One call at a time, on the client's thread. */
public interface SchedulerListener {

  /** An event of the stream, SUBSCRIBED and HEARTBEAT included, in order. */
  void event(Event event);

  /** The stream broke; the client looks for the leader and subscribes again by itself. */
  default void disconnected(String why) {}

  /** The master refused the framework for good, or the stream ended with an ERROR event. */
  default void ended(String why) {}
}
