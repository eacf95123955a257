package io.quorate.master.decide;

import io.quorate.protocol.resources.Resources;

/** What an operation makes of resources, or why it may not. */
sealed interface Conversion {

  /**
   * Allowed.
   *
   * @param held the agent has to do its part before the result may be used (CP-212)
   */
  record Allowed(Resources consumed, Resources converted, boolean held) implements Conversion {}

  /** Not allowed, with the field and the rule. */
  record Wrong(String why) implements Conversion {}
}
