package io.quorate.master.decide.draft;

import io.quorate.master.event.Event;
import io.quorate.master.state.MasterState;
import java.util.List;

/** What a call leads to. */
public sealed interface Decision {

  /** The call is done: these are its events, perhaps none, and the state after them. */
  record Accepted(List<Event> events, MasterState after) implements Decision {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** The call changes nothing. */
  record Refused(Refusal why) implements Decision {}
}
