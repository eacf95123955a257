package io.quorate.master.state;

import java.util.Comparator;

/**
 * Filters are per framework, role and agent, and there may be several: {@code number} tells them
 * apart.
 */
public record FilterKey(FrameworkId framework, String role, AgentId agent, long number)
    implements Comparable<FilterKey> {
  private static final Comparator<FilterKey> ORDER =
      Comparator.comparing(FilterKey::framework)
          .thenComparing(FilterKey::role)
          .thenComparing(FilterKey::agent)
          .thenComparingLong(FilterKey::number);

  @Override
  public int compareTo(FilterKey other) {
    return ORDER.compare(this, other);
  }
}
