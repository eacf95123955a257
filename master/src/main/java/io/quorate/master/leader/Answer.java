package io.quorate.master.leader;

import io.quorate.master.decide.draft.Refusal;

/** How a call ended. */
public sealed interface Answer {

  /** Done and committed; a subscription's events come through its stream. */
  record Accepted() implements Answer {}

  /** The call was refused, and nothing changed. */
  record Refused(Refusal why) implements Answer {}
}
