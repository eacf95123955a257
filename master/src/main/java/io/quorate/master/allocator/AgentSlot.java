package io.quorate.master.allocator;

import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.DomainInfo.FaultDomain.RegionInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An agent as the allocator sees it: what is free, and for which clients it is no use trying. The
 * bits hold for {@link #portion}, and for what is free only while that is the same.
 */
final class AgentSlot {
  final AgentId id;

  /** Returns its place among all agents. */
  final int index;

  /** Clients that refused what is free, and still do. */
  final BitSet refused = new BitSet();

  /** Clients that had their turn with what is free. */
  final BitSet spent = new BitSet();

  /** Clients that what is free is not for: filled in as they are tried. */
  final BitSet unfit = new BitSet();

  /** These are what clients refused here, by their places. */
  private final Map<Integer, List<Filter>> filters = new LinkedHashMap<>();

  private Agent agent;
  private boolean offerable;
  private boolean near;
  private boolean gpus;
  private Resources free = Resources.EMPTY;
  private Portion portion;
  private boolean stale;
  private long place;
  private long[] total = {};
  private long[] charge = {};

  AgentSlot(AgentId id, int index) {
    this.id = id;
    this.index = index;
  }

  /** As it is now. */
  void of(Agent newer, Surroundings around) {
    boolean first = agent == null;
    if (first || agent.info() != newer.info()) {
      unfit.clear();
      gpus = newer.total().scalarMillis("gpus") > 0;
      near = near(newer, around.region());
    }
    if (first || agent.total() != newer.total() || agent.unreachable() != newer.unreachable()) {
      gpus = newer.total().scalarMillis("gpus") > 0;
      long[] before = total;
      total = newer.unreachable() ? new long[0] : around.scalars().of(Quantities.of(newer.total()));
      around.totals().change(before, total);
    }
    agent = newer;
    offerable =
        newer.offerable()
            && around
                .whitelist()
                .map(list -> list.contains(newer.info().getHostname()))
                .orElse(true);
    free = offerable ? newer.free() : Resources.EMPTY;
    if (!free.isEmpty() && (portion == null || !portion.all().equals(free))) {
      portion = new Portion(free, around.scalars(), around.enough());
      stale = true;
    }
    long[] chargeNow = free.isEmpty() ? new long[0] : portion.charge();
    around.available(charge, chargeNow);
    charge = chargeNow;
  }

  /** Forgets the agent, which is gone. */
  void end(Surroundings around) {
    around.totals().change(total, new long[0]);
    around.available(charge, new long[0]);
    free = Resources.EMPTY;
  }

  /** Says whether it is in the leader's region (Mesos 4.12, CP-130). Whoever names none is. */
  private static boolean near(Agent agent, Optional<RegionInfo> region) {
    return region.isEmpty()
        || !agent.info().hasDomain()
        || agent.info().getDomain().getFaultDomain().getRegion().equals(region.get());
  }

  /** Returns its place in this round. */
  long place() {
    return place;
  }

  void place(long newPlace) {
    place = newPlace;
  }

  Agent agent() {
    return agent;
  }

  boolean near() {
    return near;
  }

  boolean hasGpus() {
    return gpus;
  }

  /** Whether anything here may be offered. */
  boolean isFree() {
    return !free.isEmpty();
  }

  /** What is free, where something is; what was free last, where nothing is. Null before. */
  Portion portion() {
    return portion;
  }

  /** Whether the bits are for another portion; they are taken care of then. */
  boolean takeStale() {
    boolean was = stale;
    stale = false;
    return was;
  }

  /** Returns the filters of the client at a place. */
  List<Filter> filters(int client) {
    return filters.getOrDefault(client, List.of());
  }

  /** The places of the clients that have any, in no order. */
  Set<Integer> filtered() {
    return filters.keySet();
  }

  /** In place of the one with its number; null for none any more. */
  void filter(int client, long number, Filter filter) {
    List<Filter> old = filters(client);
    List<Filter> some = new ArrayList<>(old.size() + 1);
    for (Filter before : old) {
      if (before.key().number() != number) {
        some.add(before);
      }
    }
    if (filter != null) {
      some.add(filter);
    }
    if (some.isEmpty()) {
      filters.remove(client);
    } else {
      filters.put(client, List.copyOf(some));
    }
  }

  /** Some filter of the client ended, or would have, had it not gone before. */
  void expire(Client client, long nowNanos) {
    List<Filter> some = filters(client.index);
    if (some.size() != 1) {
      mark(client, nowNanos);
    } else if (refused.get(client.index) && !some.get(0).refuses(nowNanos)) {
      // The usual case, cheaply: what was refused is what the turn was about.
      refused.clear(client.index);
      spent.set(client.index);
    }
  }

  /** Works out the bits of one client. */
  void mark(Client client, long nowNanos) {
    boolean refuses = false;
    boolean had = false;
    List<Filter> some = filters(client.index);
    if (!some.isEmpty() && portion != null) {
      Resources wanted = portion.fit(client).resources();
      for (Filter filter : some) {
        if (filter.resources().contains(wanted)) {
          refuses |= filter.refuses(nowNanos);
          had |= !filter.refuses(nowNanos);
        }
      }
    }
    refused.set(client.index, refuses);
    spent.set(client.index, had);
  }

  /** The client's place may be another's from now on. */
  void forget(int client) {
    filters.remove(client);
    refused.clear(client);
    spent.clear(client);
    unfit.clear(client);
  }

  /** What all agents have in common. */
  record Surroundings(
      Scalars scalars,
      Totals totals,
      Enough enough,
      Optional<Set<String>> whitelist,
      Optional<RegionInfo> region,
      Ledger ledger) {
    void available(long[] before, long[] after) {
      ledger.available(before, after);
    }
  }
}
