package io.quorate.chaos.simulate.bug;

import io.quorate.master.event.Entry;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;

/** A bug planted on purpose, to see that it is caught. By itself nothing is wrong. */
public interface InjectedBug {
  /** None. */
  InjectedBug NONE = new InjectedBug() {};

  /** An entry as its leader appends it. */
  default Entry appended(Entry entry) {
    return entry;
  }

  /** An entry as one member applies it. */
  default Entry applied(int member, long index, Entry entry) {
    return entry;
  }

  /** Whether a simulated part takes this wrong turn. */
  default boolean has(BugSwitch flaw) {
    return false;
  }

  /** An event on its way to a scheduler. */
  default Event sent(Event event) {
    return event;
  }

  /** Whether an event on its way to an agent gets lost on a link that stays. */
  default boolean loses(AgentEvent event) {
    return false;
  }
}
