package org.apache.mesos.state;

import io.quorate.driver.mesos.variable.KeptVariable;

/** A variable of an {@link AbstractState}. */
final class StoredVariable extends Variable {
  private final AbstractState owner;
  private final KeptVariable kept;

  StoredVariable(AbstractState owner, KeptVariable kept) {
    this.owner = owner;
    this.kept = kept;
  }

  KeptVariable kept(AbstractState asked) {
    if (asked != owner) {
      throw new IllegalArgumentException("this variable was fetched from another state");
    }
    return kept;
  }

  @Override
  public byte[] value() {
    return kept.value();
  }

  @Override
  public Variable mutate(byte[] value) {
    return new StoredVariable(owner, kept.with(value));
  }
}
