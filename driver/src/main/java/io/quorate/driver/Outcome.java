package io.quorate.driver;

/** What became of a call. */
public sealed interface Outcome {

  /** Accepted and committed by a quorum. */
  record Done() implements Outcome {}

  /** Refused: nothing changed. */
  record Refused(int status, String message) implements Outcome {}

  /**
   * Not done, or not known whether it was: the connection broke, or nobody led. It may be repeated.
   */
  record Unknown(String why) implements Outcome {}
}
