package io.quorate.master.state.id;

/** An agent's id, {@code <cluster>-S0}. */
public record AgentId(String value) implements Comparable<AgentId> {
  /** The least id that is greater than this one: the end of a range of keys that begin with it. */
  public AgentId next() {
    return new AgentId(value + "\0");
  }

  @Override
  public int compareTo(AgentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
