package io.quorate.log;

/**
 * The members, or the leader, were certainly not changed: another change is going on, or the quorum
 * would have been lost by it.
 */
public final class MembershipException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With the reason, for people. */
  public MembershipException(String message) {
    super(message);
  }
}
