package org.apache.mesos.state;

/**
 * A value and the version of it that was fetched or stored. Immutable: {@link #mutate} gives
 * another one, which is the next value of the same version, for {@link State#store}.
 */
public class Variable {
  /** For kinds of states. */
  protected Variable() {}

  /** A copy of the value; empty for a variable that was never stored. */
  public byte[] value() {
    throw new UnsupportedOperationException("this variable comes from no state");
  }

  /** The same variable with another value, which is stored only by {@link State#store}. */
  public Variable mutate(byte[] value) {
    throw new UnsupportedOperationException("this variable comes from no state");
  }
}
