package io.quorate.master.state.id;

/**
 * Filters are per framework, role and agent, and there may be several: {@code number} tells them
 * apart.
 */
public record FilterKey(FrameworkId framework, String role, AgentId agent, long number)
    implements Comparable<FilterKey> {
  /** Written out: a cluster may have a million of these, and each look-up compares twenty. */
  @Override
  public int compareTo(FilterKey other) {
    int order = framework.compareTo(other.framework);
    if (order == 0) {
      order = role.compareTo(other.role);
    }
    if (order == 0) {
      order = agent.compareTo(other.agent);
    }
    return order == 0 ? Long.compare(number, other.number) : order;
  }
}
