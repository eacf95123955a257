package io.quorate.master.http.scheduler;

import io.quorate.master.effect.Missed;
import io.quorate.master.effect.Resumed;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.Exchange;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.scheduler.Event;
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
  private final FaceEnvironment environment;
  private final Backlog backlog;
  private final int backlogBytesMax;

  /**
   * Reads what frameworks missed from a history.
   *
   * @param backlogBytesMax of the events that a framework is told one by one; of one that missed
   *     more it is told the state of its tasks
   */
  Resumption(FaceEnvironment environment, Backlog backlog, int backlogBytesMax) {
    this.environment = environment;
    this.backlog = backlog;
    this.backlogBytesMax = backlogBytesMax;
  }

  /**
   * Returns the value of the header.
   *
   * @throws NumberFormatException if it is no whole number
   */
  static OptionalLong lastIndex(Optional<String> header) {
    if (header.isEmpty()) {
      return OptionalLong.empty();
    }
    long index = Long.parseLong(header.get());
    if (index < 0) {
      throw new NumberFormatException("negative");
    }
    return OptionalLong.of(index);
  }

  /**
   * Opens the stream.
   *
   * @param head writes the head, given the value of its header
   */
  void open(
      Exchange<Event> exchange,
      EventStreams<Event>.Stream stream,
      long lastIndex,
      Consumer<String> head) {
    List<Event> waiting = stream.waiting();
    boolean subscribed = !waiting.isEmpty() && waiting.get(0).getType() == Event.Type.SUBSCRIBED;
    if (!subscribed) {
      stream.open(() -> head.accept("no"), events -> events);
      return;
    }
    FrameworkId framework =
        new FrameworkId(waiting.get(0).getSubscribed().getFrameworkId().getValue());
    long upTo = waiting.get(0).getLogIndex();
    exchange.aside(
        () -> backlog.missed(framework, lastIndex, upTo, backlogBytesMax),
        missed ->
            stream.open(
                () -> head.accept(missed.isPresent() ? Long.toString(lastIndex) : "no"),
                events -> resumed(events, framework, missed)));
  }

  private List<Event> resumed(List<Event> events, FrameworkId framework, Optional<Missed> missed) {
    MasterState state = environment.core().view().state();
    return missed.isPresent()
        ? Resumed.withMissed(events, missed.get(), state)
        : Resumed.withEverything(events, framework, state);
  }
}
