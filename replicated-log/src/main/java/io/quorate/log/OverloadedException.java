package io.quorate.log;

/** Too much is in flight: the entry certainly was not appended; try again later. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, for people. */
  public OverloadedException(String message) {
    super(message);
  }
}
