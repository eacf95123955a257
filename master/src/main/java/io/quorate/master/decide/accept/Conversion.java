package io.quorate.master.decide.accept;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.List;
import java.util.Optional;

/** What an operation makes of resources, or why it may not. */
public sealed interface Conversion {

  /**
   * The operation may be done.
   *
   * @param held the agent has to do its part before the result may be used (CP-212)
   */
  record Allowed(Resources consumed, Resources converted, boolean held) implements Conversion {}

  /** The operation may not be done; the text names the field and the rule. */
  record Wrong(String why) implements Conversion {}

  /**
   * A conversion that holds at once. It is refused if a range or item is on one side more than
   * once: to unite the two would make one thing into two, or two into one.
   */
  public static Conversion of(List<Resource> consumed, List<Resource> converted) {
    Optional<String> overlap = Resources.overlap(consumed).or(() -> Resources.overlap(converted));
    return overlap.isPresent()
        ? new Wrong("Some of '" + overlap.get() + "' is named more than once")
        : new Allowed(Resources.of(consumed), Resources.of(converted), false);
  }
}
