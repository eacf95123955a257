package io.quorate.master.allocator;

import io.quorate.master.state.Agent;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.Changes;
import io.quorate.master.state.Filter;
import io.quorate.master.state.FilterKey;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.v1.DomainInfo.FaultDomain.RegionInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The state, arranged for allocation: agents, clients in their role tree, refusals as bits, quotas
 * as sums. Kept up with the state by looking at what changed; a view made of the whole state is the
 * same, only dearer.
 */
final class View {

  /** When a refusal ends. */
  private record Expiry(long deadlineNanos, int agent, int client) implements Comparable<Expiry> {
    @Override
    public int compareTo(Expiry other) {
      return Long.compare(deadlineNanos, other.deadlineNanos);
    }
  }

  private final AllocatorSettings settings;
  private final Map<AgentId, AgentSlot> slotsById = new HashMap<>();
  private final List<AgentSlot> slots = new ArrayList<>();
  private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
  private final PriorityQueue<Expiry> expiries = new PriorityQueue<>();
  private final BitSet touched = new BitSet();
  private Scalars scalars;
  private Ledger ledger;
  private Clients clients;
  private AgentSlot.Surroundings around;
  private MasterState state;
  private boolean allTouched;

  View(AllocatorSettings settings) {
    this.settings = settings;
  }

  /** Up to this state, from an earlier one. Whatever a round supposed since is taken back. */
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
    Set<FrameworkId> frameworks = new HashSet<>(changes.frameworks());
    frameworks.addAll(clients.takeSupposed());
    ledger.restore(newer);
    if (changes.roles()) {
      ledger.load(newer);
      ledger.consumed(newer);
      clients.roles(newer);
      allTouched = true;
    }
    for (FrameworkId each : frameworks) {
      follow(each);
    }
    boolean reservationsMoved = false;
    for (AgentId each : changes.agents()) {
      reservationsMoved |= follow(each);
    }
    if (reservationsMoved) {
      ledger.consumed(newer);
    }
    for (FilterKey each : changes.filters()) {
      follow(each);
    }
  }

  private void build(
      MasterState newer, Optional<Set<String>> whitelist, Optional<RegionInfo> region) {
    state = newer;
    scalars = new Scalars();
    ledger = new Ledger(scalars);
    Totals totals = new Totals(scalars, settings.excluded());
    clients = new Clients(scalars, totals, ledger);
    around =
        new AgentSlot.Surroundings(scalars, totals, settings.worth(), whitelist, region, ledger);
    slotsById.clear();
    slots.clear();
    freeIndexes.clear();
    expiries.clear();
    touched.clear();
    allTouched = true;
    ledger.load(newer);
    clients.roles(newer);
    newer.frameworks().values().forEach(each -> clients.follow(newer, each.id()));
    newer.agents().values().forEach(each -> follow(each.id()));
    ledger.consumed(newer);
    newer.filters().values().forEach(each -> follow(each.key()));
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
          follow(filter.key());
        }
      }
      for (AgentSlot slot : slots) {
        if (slot != null) {
          slot.unfit.clear(client.index);
          if (slot.filtered.get(client.index)) {
            mark(slot, client);
          }
        }
      }
    }
  }

  private static void forget(AgentSlot slot, Client client) {
    if (slot != null) {
      slot.forget(client.index);
    }
  }

  /** Whether something that is reserved came, went or moved. */
  private boolean follow(AgentId id) {
    Agent agent = state.agents().find(id).orElse(null);
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
    boolean moved = slot.agent() == null || slot.agent().total() != agent.total();
    slot.of(agent, around);
    touched.set(slot.index);
    return moved;
  }

  private void follow(FilterKey key) {
    AgentSlot slot = slotsById.get(key.agent());
    Client client = clients.find(key.framework(), key.role());
    if (slot == null || client == null) {
      return;
    }
    state
        .filters()
        .find(key)
        .filter(filter -> filter.refuses(now()))
        .ifPresent(
            filter -> expiries.add(new Expiry(filter.deadlineNanos(), slot.index, client.index)));
    mark(slot, client);
    touched.set(slot.index);
  }

  private long now() {
    return state.cluster().timeNanos();
  }

  /** Works out the bits of one client on one agent. */
  private void mark(AgentSlot slot, Client client) {
    boolean any = false;
    boolean refused = false;
    boolean spent = false;
    Fit fit = slot.portion() == null ? null : slot.portion().fit(client);
    for (Filter filter : state.filtersOf(client.id, client.role, slot.id)) {
      any = true;
      if (fit != null && filter.resources().contains(fit.resources())) {
        refused |= filter.refuses(now());
        spent |= !filter.refuses(now());
      }
    }
    slot.filtered.set(client.index, any);
    slot.refused.set(client.index, refused);
    slot.spent.set(client.index, spent);
  }

  /** The agents to look at: those that something happened to, or all. */
  List<AgentSlot> takeCandidates(boolean all) {
    while (!expiries.isEmpty() && expiries.peek().deadlineNanos() <= now()) {
      Expiry expiry = expiries.poll();
      AgentSlot slot = slots.get(expiry.agent());
      Client client = clients.at(expiry.client());
      if (slot != null && client != null) {
        mark(slot, client);
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
      slot.filtered.stream().forEach(index -> mark(slot, clients.at(index)));
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

  WorthOffering worth() {
    return settings.worth();
  }
}
