package io.quorate.master.state.id;

/** An agent's id, {@code <cluster>-S0}. */
public record AgentId(String value) implements Comparable<AgentId> {
  @Override
  public int compareTo(AgentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
