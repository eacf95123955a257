package io.quorate.master.state.id;

/** A framework's id, {@code <cluster>-0000} where the master minted it. */
public record FrameworkId(String value) implements Comparable<FrameworkId> {
  @Override
  public int compareTo(FrameworkId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
