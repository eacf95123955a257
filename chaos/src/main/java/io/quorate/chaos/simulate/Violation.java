package io.quorate.chaos.simulate;

/** An invariant is broken. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the invariant, and what was seen. */
  Violation(String invariant, String seen) {
    super(invariant + ": " + seen);
  }
}
