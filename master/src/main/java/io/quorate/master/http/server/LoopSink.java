package io.quorate.master.http.server;

import io.quorate.master.leader.EventSink;
import io.vertx.core.Context;

/**
 * Hands what is sent over to the event loop that owns the streams, in order. Any thread may send.
 *
 * @param <E> the event message
 */
public final class LoopSink<E> implements EventSink<E> {
  private final Context loop;
  private final EventSink<E> streams;

  public LoopSink(Context loop, EventSink<E> streams) {
    this.loop = loop;
    this.streams = streams;
  }

  @Override
  public void send(String streamId, E event) {
    loop.runOnContext(nothing -> streams.send(streamId, event));
  }

  @Override
  public void end(String streamId) {
    loop.runOnContext(nothing -> streams.end(streamId));
  }

  @Override
  public void endAll() {
    loop.runOnContext(nothing -> streams.endAll());
  }
}
