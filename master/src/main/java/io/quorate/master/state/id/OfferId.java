package io.quorate.master.state.id;

/** An offer's id, {@code <cluster>-O0}. */
public record OfferId(String value) implements Comparable<OfferId> {
  @Override
  public int compareTo(OfferId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
