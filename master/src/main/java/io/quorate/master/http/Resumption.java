package io.quorate.master.http;

import io.quorate.master.effect.Missed;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.state.FrameworkId;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
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

  Resumption(Vertx vertx, MasterCore core, LogBook book) {
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
  void open(EventStreams<Event>.Stream stream, long lastIndex, Consumer<String> head) {
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
        .executeBlocking(() -> book.missed(framework, lastIndex, from), false)
        .otherwise(Optional.empty())
        .onSuccess(
            missed ->
                context.runOnContext(
                    nothing ->
                        stream.open(
                            response -> head.accept(missed.isPresent() ? "" + lastIndex : "no"),
                            now ->
                                missed.isPresent()
                                    ? withMissed(now, from, missed.get())
                                    : withEverything(now, from, framework))));
  }

  /**
   * Of what was sent with SUBSCRIBED only the offers made meanwhile are new to it; updates that are
   * not acknowledged it has handled, or they are among the missed.
   */
  private List<Event> withMissed(List<Event> waiting, long from, Missed missed) {
    List<Event> all = new ArrayList<>();
    // Without an index: what follows is older.
    all.add(waiting.get(0).toBuilder().clearLogIndex().build());
    all.addAll(missed.events());
    missed
        .answers(core.view().state())
        .forEach(answer -> all.add(answer.toBuilder().setLogIndex(from).build()));
    for (Event event : waiting.subList(1, waiting.size())) {
      if (event.getLogIndex() != from) {
        all.add(event);
      } else if (event.hasOffers()) {
        Event.Builder fresh = event.toBuilder();
        fresh.getOffersBuilder().clearOffers();
        event.getOffers().getOffersList().stream()
            .filter(offer -> missed.extended(offer.getId().getValue()))
            .forEach(offer -> fresh.getOffersBuilder().addOffers(offer));
        if (fresh.getOffers().getOffersCount() > 0) {
          all.add(fresh.build());
        }
      } else if (event.hasInverseOffers()) {
        all.add(event);
      }
    }
    return all;
  }

  private List<Event> withEverything(List<Event> waiting, long from, FrameworkId framework) {
    List<Event> all = new ArrayList<>(waiting);
    List<Event> states = new ArrayList<>();
    Missed.everything(core.view().state(), framework)
        .forEach(answer -> states.add(answer.toBuilder().setLogIndex(from).build()));
    all.addAll(1, states);
    return all;
  }
}
