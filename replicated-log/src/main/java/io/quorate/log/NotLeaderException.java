package io.quorate.log;

/**
 * This member does not lead the term of the caller: the entry certainly is not, and never will be,
 * in the log.
 */
public final class NotLeaderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, for people. */
  public NotLeaderException(String message) {
    super(message);
  }
}
