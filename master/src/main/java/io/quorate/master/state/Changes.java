package io.quorate.master.state;

import java.util.HashSet;
import java.util.Set;

/**
 * What is different from some earlier state: whoever keeps a picture of that one need look at
 * nothing else. Collected entry by entry; not shared between threads.
 */
public final class Changes {
  private boolean everything;
  private boolean roles;
  private final Set<AgentId> agents = new HashSet<>();
  private final Set<FrameworkId> frameworks = new HashSet<>();
  private final Set<FilterKey> filters = new HashSet<>();

  /** Nothing. */
  public Changes() {}

  /** Whatever there is: the earlier state is not known. */
  public static Changes everything() {
    Changes changes = new Changes();
    changes.everything = true;
    return changes;
  }

  /** What changed since the state was last {@link MasterState#settled}. */
  public static Changes of(MasterState state) {
    Changes changes = new Changes();
    state.parts.agents.changed(changes.agents::add);
    state.parts.frameworks.changed(changes.frameworks::add);
    state.parts.turns.changed(key -> changes.frameworks.add(key.framework()));
    state.parts.filters.changed(changes.filters::add);
    state.parts.roles.changed(role -> changes.roles = true);
    return changes;
  }

  /** And what changed after it. */
  public void add(Changes later) {
    everything |= later.everything;
    roles |= later.roles;
    agents.addAll(later.agents);
    frameworks.addAll(later.frameworks);
    filters.addAll(later.filters);
  }

  /** Whether nothing changed. */
  public boolean isEmpty() {
    return !everything && !roles && agents.isEmpty() && frameworks.isEmpty() && filters.isEmpty();
  }

  /** Whether nothing may be taken for unchanged. */
  public boolean isEverything() {
    return everything;
  }

  /** Whether a weight or a quota is another. */
  public boolean roles() {
    return roles;
  }

  /** Agents that came, went or are not as they were. */
  public Set<AgentId> agents() {
    return agents;
  }

  /** Frameworks that came, went or are not as they were. */
  public Set<FrameworkId> frameworks() {
    return frameworks;
  }

  /** Filters that came, went or are not as they were. */
  public Set<FilterKey> filters() {
    return filters;
  }
}
