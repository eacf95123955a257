package io.quorate.agent.state;

import io.quorate.protocol.retry.Backoff;
import java.time.Duration;

/**
 * When something that the master has not acknowledged is told again (Mesos 3.8, CP-255, CP-214).
 *
 * @param dueMillis in milliseconds since the epoch; 0 for at once
 * @param pause the pause after the next time
 */
public record Retry(long dueMillis, Backoff pause) {
  /** It is to be told at once, and again after 10 seconds, doubling up to 10 minutes. */
  public static final Retry NOW =
      new Retry(0, Backoff.between(Duration.ofSeconds(10), Duration.ofMinutes(10)));

  /** It is to be told at once, and again every 10 seconds. */
  public static final Retry STEADY =
      new Retry(0, Backoff.between(Duration.ofSeconds(10), Duration.ofSeconds(10)));

  /** Whether it is time. */
  public boolean due(long nowMillis) {
    return nowMillis >= dueMillis;
  }

  /** It is told now. */
  public Retry next(long nowMillis) {
    return new Retry(nowMillis + pause.present().toMillis(), pause.next());
  }
}
