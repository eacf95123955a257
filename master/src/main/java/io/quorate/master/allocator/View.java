package io.quorate.master.allocator;

import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.DomainInfo.FaultDomain.RegionInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state, arranged for allocation: agents, clients in their role tree, refusals as bits, quotas
 * as sums. Kept up with the state by looking at what changed; a view made of the whole state is the
 * same, only dearer.
 */
final class View {

  private static final int EXPIRIES_MIN = 10_000;

  private final AllocatorSettings settings;
  private final Map<AgentId, AgentSlot> slotsById = new LinkedHashMap<>();
  private final List<AgentSlot> slots = new ArrayList<>();
  private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
  private final Expiries expiries = new Expiries();
  private final BitSet touched = new BitSet();
  private Scalars scalars;
  private Enough enough;
  private Ledger ledger;
  private Clients clients;
  private AgentSlot.Surroundings around;
  private MasterState state;
  private boolean allTouched;

  View(AllocatorSettings settings) {
    this.settings = settings;
  }

  /**
   * Follows from an earlier state up to this one. Whatever a round supposed since is taken back.
   */
  void follow(MasterState newer, Changes changes) {
    Optional<Set<String>> whitelist = settings.whitelist().get();
    Optional<RegionInfo> region = region(newer);
    boolean anew =
        around == null
            || changes.isEverything()
            || !around.whitelist().equals(whitelist)
            || !around.region().equals(region);
    if (anew) {
      build(newer, whitelist, region);
      return;
    }
    state = newer;
    Set<FrameworkId> frameworks = new LinkedHashSet<>(changes.frameworks());
    frameworks.addAll(clients.takeSupposed());
    ledger.restore(newer);
    if (changes.roles()) {
      ledger.load(newer);
      ledger.consumed(newer);
      clients.roles(newer);
      allTouched = true;
    }
    for (FrameworkId framework : frameworks) {
      follow(framework);
    }
    boolean reservationsMoved = false;
    for (Map.Entry<AgentId, Agent> agent : changes.agents().entrySet()) {
      reservationsMoved |= follow(agent.getKey(), agent.getValue());
    }
    if (reservationsMoved) {
      ledger.consumed(newer);
    }
    changes.filters().forEach(this::follow);
    if (expiries.size() > EXPIRIES_MIN + 2 * newer.filters().size()) {
      // Filters that went before their time left them behind.
      expiries.clear();
      newer.filters().values().forEach(filter -> follow(filter.key(), filter));
    }
  }

  private void build(
      MasterState newer, Optional<Set<String>> whitelist, Optional<RegionInfo> region) {
    state = newer;
    scalars = new Scalars();
    enough = settings.worth().in(scalars);
    ledger = new Ledger(scalars, enough);
    Totals totals = new Totals(scalars, settings.excluded());
    clients = new Clients(scalars, totals, ledger);
    around = new AgentSlot.Surroundings(scalars, totals, enough, whitelist, region, ledger);
    slotsById.clear();
    slots.clear();
    freeIndexes.clear();
    expiries.clear();
    touched.clear();
    allTouched = true;
    ledger.load(newer);
    clients.roles(newer);
    newer.frameworks().values().forEach(framework -> clients.follow(newer, framework.id()));
    newer.agents().values().forEach(agent -> follow(agent.id(), agent));
    ledger.consumed(newer);
    newer.filters().values().forEach(filter -> follow(filter.key(), filter));
  }

  /** Where the leader is, if that is known: only the region-aware are offered agents elsewhere. */
  private static Optional<RegionInfo> region(MasterState state) {
    return state.cluster().leader().hasDomain()
        ? Optional.of(state.cluster().leader().getDomain().getFaultDomain().getRegion())
        : Optional.empty();
  }

  private void follow(FrameworkId id) {
    Clients.Followed followed = clients.follow(state, id);
    allTouched |= followed.eager();
    for (Client client : followed.gone()) {
      slots.forEach(slot -> forget(slot, client));
    }
    for (Client client : followed.others()) {
      for (Filter filter : state.filtersOf(id)) {
        if (filter.key().role().equals(client.role)) {
          follow(filter.key(), filter);
        }
      }
      for (AgentSlot slot : slots) {
        if (slot != null) {
          slot.unfit.clear(client.index);
          slot.mark(client, now());
        }
      }
    }
  }

  private static void forget(AgentSlot slot, Client client) {
    if (slot != null) {
      slot.forget(client.index);
    }
  }

  /** The agent is this now; null if it is gone. Whether what is reserved may be other things. */
  private boolean follow(AgentId id, Agent agent) {
    AgentSlot slot = slotsById.get(id);
    if (agent == null) {
      if (slot != null) {
        slot.end(around);
        slotsById.remove(id);
        slots.set(slot.index, null);
        freeIndexes.add(slot.index);
      }
      return true;
    }
    if (slot == null) {
      int index = freeIndexes.isEmpty() ? slots.size() : freeIndexes.poll();
      slot = new AgentSlot(id, index);
      if (index == slots.size()) {
        slots.add(slot);
      } else {
        slots.set(index, slot);
      }
      slotsById.put(id, slot);
    }
    boolean moved =
        slot.agent() == null
            || slot.agent().total() != agent.total()
            || slot.agent().unreachable() != agent.unreachable();
    slot.of(agent, around);
    touched.set(slot.index);
    return moved;
  }

  /** The filter is this now; null if there is none any more. */
  private void follow(FilterKey key, Filter filter) {
    AgentSlot slot = slotsById.get(key.agent());
    Client client = clients.find(key.framework(), key.role());
    if (slot == null || client == null) {
      return;
    }
    slot.filter(client.index, key.number(), filter);
    if (filter != null && filter.refuses(now())) {
      expiries.add(new Expiries.Expiry(filter.deadlineNanos(), slot.index, client.index));
    }
    slot.mark(client, now());
    touched.set(slot.index);
  }

  private long now() {
    return state.cluster().timeNanos();
  }

  /** Takes the agents to look at: those that something happened to, or all. */
  List<AgentSlot> takeCandidates(boolean all) {
    for (Expiries.Expiry expiry : expiries.takeDue(now())) {
      AgentSlot slot = slots.get(expiry.agent());
      Client client = clients.at(expiry.client());
      if (slot != null && client != null) {
        slot.expire(client, now());
        touched.set(slot.index);
      }
    }
    List<AgentSlot> candidates = new ArrayList<>();
    if (all || allTouched) {
      for (AgentSlot slot : slots) {
        consider(slot, candidates);
      }
    } else {
      touched.stream().forEach(index -> consider(slots.get(index), candidates));
    }
    touched.clear();
    allTouched = false;
    return candidates;
  }

  private void consider(AgentSlot slot, List<AgentSlot> candidates) {
    if (slot == null
        || !slot.isFree()
        || !(slot.portion().worthAnything() || clients.haveOwnRules())) {
      return;
    }
    if (slot.takeStale()) {
      slot.unfit.clear();
      slot.filtered().forEach(index -> slot.mark(clients.at(index), now()));
    }
    candidates.add(slot);
  }

  MasterState state() {
    return state;
  }

  Clients clients() {
    return clients;
  }

  Ledger ledger() {
    return ledger;
  }

  Scalars scalars() {
    return scalars;
  }

  Enough enough() {
    return enough;
  }
}
