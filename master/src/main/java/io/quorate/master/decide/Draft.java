package io.quorate.master.decide;

import io.quorate.master.apply.Apply;
import io.quorate.master.event.Event;
import io.quorate.master.state.MasterState;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the events of one decision and applies each at once, with the same code that every
 * replica uses: the second task of a call is judged by what the first left over.
 */
final class Draft {
  private final List<Event> events = new ArrayList<>();
  private MasterState state;

  Draft(MasterState state) {
    this.state = state;
  }

  MasterState state() {
    return state;
  }

  void emit(Event.Builder builder) {
    Event event = builder.build();
    state = Apply.apply(state, event);
    events.add(event);
  }

  /** Done. A drain ends with whatever took the last task or operation from its agent. */
  Decision accepted() {
    Drains.settle(this);
    return new Decision.Accepted(events, state);
  }
}
