package io.quorate.agent.supervise;

import java.util.List;

/**
 * Whose rights something runs with.
 *
 * @param user the name; empty for the agent's own rights
 * @param uid the user's number; it means nothing without a name
 * @param gid the number of the user's primary group
 * @param groups the numbers of all groups of the user
 */
public record Rights(String user, long uid, long gid, List<Long> groups) {
  /** These are the agent's own rights. */
  public static final Rights OWN = new Rights("", 0, 0, List.of());

  public Rights {
    groups = List.copyOf(groups);
  }

  /** Says whether they are those of the agent. */
  public boolean own() {
    return user.isEmpty();
  }
}
