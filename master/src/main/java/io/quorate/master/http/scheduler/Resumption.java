package io.quorate.master.http.scheduler;

import io.quorate.master.effect.Resumed;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.EventStreams;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Opens the stream of a framework that said which event it handled last: SUBSCRIBED, then exactly
 * what it missed, in order, then what is new. Where history does not reach that far it is told so,
 * and gets the state of all its tasks instead.
 */
final class Resumption {
  private final Vertx vertx;
  private final MasterCore core;
  private final LogBook book;
  private final int backlogBytesMax;

  /**
   * Reads what frameworks missed from a history.
   *
   * @param backlogBytesMax of the events that a framework is told one by one; of one that missed
   *     more it is told the state of its tasks
   */
  Resumption(Vertx vertx, MasterCore core, LogBook book, int backlogBytesMax) {
    this.backlogBytesMax = backlogBytesMax;
    this.vertx = vertx;
    this.core = core;
    this.book = book;
  }

  /**
   * The value of the header.
   *
   * @throws NumberFormatException if it is no whole number
   */
  static OptionalLong lastIndex(String header) {
    if (header == null) {
      return OptionalLong.empty();
    }
    long index = Long.parseLong(header);
    if (index < 0) {
      throw new NumberFormatException("negative");
    }
    return OptionalLong.of(index);
  }

  /**
   * Opens the stream, on its event loop.
   *
   * @param head writes the head, given the value of its header
   */
  void open(
      HttpServerRequest request,
      EventStreams<Event>.Stream stream,
      long lastIndex,
      Consumer<String> head) {
    List<Event> waiting = stream.waiting();
    boolean subscribed = !waiting.isEmpty() && waiting.get(0).getType() == Event.Type.SUBSCRIBED;
    if (!subscribed) {
      stream.open(response -> head.accept("no"));
      return;
    }
    FrameworkId framework =
        new FrameworkId(waiting.get(0).getSubscribed().getFrameworkId().getValue());
    long from = waiting.get(0).getLogIndex();
    Context context = Vertx.currentContext();
    vertx
        .executeBlocking(() -> book.missed(framework, lastIndex, from, backlogBytesMax), false)
        .otherwise(Optional.empty())
        .onSuccess(
            missed ->
                Replies.later(
                    context,
                    request,
                    () ->
                        stream.open(
                            response -> head.accept(missed.isPresent() ? "" + lastIndex : "no"),
                            now ->
                                missed.isPresent()
                                    ? Resumed.withMissed(now, missed.get(), core.view().state())
                                    : Resumed.withEverything(
                                        now, framework, core.view().state()))));
  }
}
