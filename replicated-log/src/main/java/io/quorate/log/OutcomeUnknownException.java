package io.quorate.log;

/** Leadership was lost while the entry was in flight: it may or may not be in the log. */
public final class OutcomeUnknownException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, for people. */
  public OutcomeUnknownException(String message) {
    super(message);
  }
}
