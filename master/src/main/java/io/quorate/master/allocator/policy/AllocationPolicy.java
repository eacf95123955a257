package io.quorate.master.allocator.policy;

import java.util.Comparator;

/**
 * Who is served first. Found by {@link java.util.ServiceLoader} and chosen by name, for roles
 * ({@code --role_sorter}) and for the frameworks of a role ({@code --framework_sorter}) apart.
 *
 * <p>A policy only orders siblings: the roles below one role, or the frameworks in one role. What
 * may be offered at all is not its business. One that throws is left out of the round, which goes
 * by dominant shares instead; one that takes longer than {@code --allocation_timeout} is not asked
 * again. Both are logged and counted.
 */
public interface AllocationPolicy {

  /** What it is chosen by: lower-case letters, digits and dashes. */
  String name();

  /**
   * The order of a round, first served first. It must be a function of what {@link Sibling} shows
   * and of the round only: no clock, no randomness of its own. Siblings that it finds equal are
   * ordered by name. It is asked again for a sibling that was served, whose share has grown.
   *
   * @param round a number that no other round of the cluster has
   */
  Comparator<Sibling> order(long round);

  /** Whether the order of the same siblings may be another in another round. */
  default boolean changesByRound() {
    return false;
  }
}
