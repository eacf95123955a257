package io.quorate.protocol.http;

/**
 * The bytes of bodies that may be held at the same time, by all and by strangers: callers of whom
 * nothing is known before their body was read. What strangers hold counts for both. It may be
 * called on any thread.
 */
public final class BodyBudget {
  private final long bytesMax;
  private final long strangersBytesMax;
  private long held;
  private long heldByStrangers;

  /**
   * Makes an empty budget.
   *
   * @param bytesMax for all together
   * @param strangersBytesMax for strangers together
   */
  public BodyBudget(long bytesMax, long strangersBytesMax) {
    this.bytesMax = bytesMax;
    this.strangersBytesMax = strangersBytesMax;
  }

  /** Takes these bytes; false, and nothing is taken, if there is no room for them. */
  public synchronized boolean take(long bytes, boolean stranger) {
    if (held + bytes > bytesMax || (stranger && heldByStrangers + bytes > strangersBytesMax)) {
      return false;
    }
    held += bytes;
    heldByStrangers += stranger ? bytes : 0;
    return true;
  }

  /** Gives back what was taken. */
  public synchronized void give(long bytes, boolean stranger) {
    held -= bytes;
    heldByStrangers -= stranger ? bytes : 0;
  }

  /** What is held now. */
  public synchronized long held() {
    return held;
  }
}
