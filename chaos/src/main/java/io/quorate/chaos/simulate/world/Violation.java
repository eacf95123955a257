package io.quorate.chaos.simulate.world;

/** An invariant is broken. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names the invariant, and what was seen. */
  public Violation(String invariant, String seen) {
    super(invariant + ": " + seen);
  }
}
