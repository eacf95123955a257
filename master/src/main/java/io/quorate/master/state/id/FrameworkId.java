package io.quorate.master.state.id;

/** A framework's id, {@code <cluster>-0000} where the master minted it. */
public record FrameworkId(String value) implements Comparable<FrameworkId> {
  /** The least id that is greater than this one: the end of a range of keys that begin with it. */
  public FrameworkId next() {
    return new FrameworkId(value + "\0");
  }

  @Override
  public int compareTo(FrameworkId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
