package io.quorate.driver;

import java.time.Duration;

/**
 * What a client measures, for whatever library of metrics a program has. The methods do nothing
 * unless they are overridden; they are called on the client's threads and must return at once.
 */
public interface ClientMetrics {

  /**
   * A call was answered, or its answer failed to come.
   *
   * @param type of the call, such as ACCEPT or UPDATE
   * @param took from its sending to its outcome
   */
  default void called(String type, Outcome outcome, Duration took) {}

  /**
   * A listener is done with an event.
   *
   * @param type such as OFFERS or LAUNCH
   * @param waited from its arrival until the listener was told
   * @param took what the listener needed
   */
  default void handled(String type, Duration waited, Duration took) {}

  /** A stream opened. */
  default void subscribed(String address) {}

  /** A stream broke. */
  default void disconnected(String why) {}
}
