package io.quorate.agent.executor;

import io.quorate.protocol.v1.executor.Event;

/** The events of one subscription. Any thread; events arrive in the order of the calls. */
public interface ExecutorStream {
  void send(Event event);

  /** Ends the stream, after what was sent. */
  void end();
}
