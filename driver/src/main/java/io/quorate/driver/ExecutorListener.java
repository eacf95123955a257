package io.quorate.driver;

import io.quorate.protocol.v1.executor.Event;

/** An executor's side of an {@link ExecutorClient}. One call at a time, on the client's thread. */
public interface ExecutorListener {

  /**
   * An event of the stream, SUBSCRIBED, ACKNOWLEDGED and HEARTBEAT included, in order. SHUTDOWN is
   * told once: because the agent said so, or because the agent was gone for too long. After it the
   * executor has its grace period to stop its tasks, to tell so, and to close the client.
   */
  void event(Event event);

  /** The stream broke; the client subscribes again by itself. Tasks go on. */
  default void disconnected(String why) {}

  /** The agent refused the executor for good. SHUTDOWN follows. */
  default void refused(String why) {}
}
