package io.quorate.master.effect;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stream begins with whose framework said which event it handled last, in place of what
 * waited on it: SUBSCRIBED and all that was sent since.
 */
public final class Resumed {
  private Resumed() {}

  /**
   * Of what was sent with SUBSCRIBED only the offers made meanwhile are new to it; updates that are
   * not acknowledged it has handled, or they are among the missed.
   *
   * @param missed up to the entry of the subscription
   */
  public static List<Event> withMissed(List<Event> waiting, Missed missed, MasterState state) {
    long from = waiting.get(0).getLogIndex();
    List<Event> all = new ArrayList<>();
    // Without an index: what follows is older.
    all.add(waiting.get(0).toBuilder().clearLogIndex().build());
    all.addAll(missed.events());
    missed.answers(state).forEach(answer -> all.add(answer.toBuilder().setLogIndex(from).build()));
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

  /** Where history does not reach that far: besides what waited, the state of all its tasks. */
  public static List<Event> withEverything(
      List<Event> waiting, FrameworkId framework, MasterState state) {
    long from = waiting.get(0).getLogIndex();
    List<Event> states = new ArrayList<>();
    Missed.everything(state, framework)
        .forEach(answer -> states.add(answer.toBuilder().setLogIndex(from).build()));
    List<Event> all = new ArrayList<>(waiting);
    all.addAll(1, states);
    return all;
  }
}
