package io.quorate.master.state;

import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What is different from some earlier state: whoever keeps a picture of that one need look at
 * nothing else. Collected entry by entry; not shared between threads.
 */
public final class Changes {
  private boolean everything;
  private boolean roles;
  private final Map<AgentId, Agent> agents = new LinkedHashMap<>();
  private final Set<FrameworkId> frameworks = new LinkedHashSet<>();
  private final Map<FilterKey, Filter> filters = new LinkedHashMap<>();

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
    state.agents().changed(id -> changes.agents.put(id, state.agents().find(id).orElse(null)));
    state.frameworks().changed(changes.frameworks::add);
    state.table(Tables.TURNS).changed(key -> changes.frameworks.add(key.framework()));
    state
        .filters()
        .changed(key -> changes.filters.put(key, state.filters().find(key).orElse(null)));
    state.roles().changed(role -> changes.roles = true);
    return changes;
  }

  /** And what changed after it. */
  public void add(Changes later) {
    everything |= later.everything;
    roles |= later.roles;
    agents.putAll(later.agents);
    frameworks.addAll(later.frameworks);
    filters.putAll(later.filters);
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

  /** Agents that came, went or are not as they were, and as what; null for gone. */
  public Map<AgentId, Agent> agents() {
    return agents;
  }

  /** Frameworks that came, went or are not as they were. */
  public Set<FrameworkId> frameworks() {
    return frameworks;
  }

  /** Filters that came, went or are not as they were, and as what; null for gone. */
  public Map<FilterKey, Filter> filters() {
    return filters;
  }
}
