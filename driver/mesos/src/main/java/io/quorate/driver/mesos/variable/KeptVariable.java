package io.quorate.driver.mesos.variable;

import java.util.Optional;

/** A variable's name, the version that it was seen with, and a value. Immutable. */
public final class KeptVariable {
  private final String name;
  private final Optional<String> version;
  private final byte[] value;

  /**
   * A variable.
   *
   * @param version empty if there was none
   */
  KeptVariable(String name, Optional<String> version, byte[] value) {
    this.name = name;
    this.version = version;
    this.value = value;
  }

  /** One that is not there yet. */
  static KeptVariable absent(String name) {
    return new KeptVariable(name, Optional.empty(), new byte[0]);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The version that it was seen with; empty if there was none. */
  public Optional<String> version() {
    return version;
  }

  /** A copy of the value. */
  public byte[] value() {
    return value.clone();
  }

  /** The same version with another value. */
  public KeptVariable with(byte[] next) {
    return new KeptVariable(name, version, next.clone());
  }
}
