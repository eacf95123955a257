package io.quorate.agent.state;

/**
 * When something that the master has not acknowledged is told again: after 10 seconds, then after
 * doubling pauses of up to 10 minutes (Mesos 3.8, CP-255, CP-214).
 *
 * @param dueMillis in milliseconds since the epoch; 0 for at once
 * @param pauseMillis the pause after the next time
 */
public record Retry(long dueMillis, long pauseMillis) {
  public static final long FIRST_MILLIS = 10_000;
  public static final long MAX_MILLIS = 600_000;

  /** It is to be told at once. */
  public static final Retry NOW = new Retry(0, FIRST_MILLIS);

  /** Whether it is time. */
  public boolean due(long nowMillis) {
    return nowMillis >= dueMillis;
  }

  /** It is told now. */
  public Retry next(long nowMillis) {
    return new Retry(nowMillis + pauseMillis, Math.min(2 * pauseMillis, MAX_MILLIS));
  }
}
