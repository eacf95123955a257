package io.quorate.master.allocator;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.Quantities;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All clients, in their tree of roles. */
final class Clients {
  private static final String OWN = ".";

  private final Scalars scalars;
  private final Totals totals;
  private final Ledger ledger;
  private final Group root;
  private final Map<FrameworkId, TreeMap<String, Client>> byFramework = new LinkedHashMap<>();
  private final List<Client> byIndex = new ArrayList<>();
  private final ArrayDeque<Integer> freeIndexes = new ArrayDeque<>();
  private final Map<String, Double> weights = new LinkedHashMap<>();
  private final Set<FrameworkId> supposed = new LinkedHashSet<>();
  private final BitSet eager = new BitSet();
  private final BitSet ownRules = new BitSet();

  Clients(Scalars scalars, Totals totals, Ledger ledger) {
    this.scalars = scalars;
    this.totals = totals;
    this.ledger = ledger;
    this.root = new Group("", null, totals, false);
  }

  /**
   * This is what became of a framework.
   *
   * @param eager whether it wants offers that it did not want before
   * @param others clients that are new, or may have something else than before
   */
  record Followed(boolean eager, List<Client> others, List<Client> gone) {}

  Followed follow(MasterState state, FrameworkId id) {
    Framework framework = state.frameworks().find(id).orElse(null);
    TreeSet<String> roles = new TreeSet<>();
    if (framework != null) {
      roles.addAll(framework.roles());
      roles.addAll(framework.allocated().keySet());
    }
    TreeMap<String, Client> mine = byFramework.computeIfAbsent(id, any -> new TreeMap<>());
    List<Client> gone = new ArrayList<>();
    mine.values()
        .removeIf(
            client -> {
              boolean over = !roles.contains(client.role);
              if (over) {
                gone.add(client);
              }
              return over;
            });
    for (Client client : gone) {
      remove(client);
      ledger.consumed(client.topLevel, state);
    }
    List<Client> others = new ArrayList<>();
    boolean more = false;
    for (String role : roles) {
      Client client = mine.get(role);
      if (client == null) {
        client = add(framework, role);
        mine.put(role, client);
        others.add(client);
      } else if (!client.same(framework)) {
        others.add(client);
        more = true;
      }
      more |= update(client, framework, state);
    }
    if (mine.isEmpty()) {
      byFramework.remove(id);
    }
    return new Followed(more, others, gone);
  }

  private Client add(Framework framework, String role) {
    int index = freeIndexes.isEmpty() ? byIndex.size() : freeIndexes.poll();
    Group group = group(role);
    Client client = new Client(framework, role, index, group, totals);
    group.members.put(client.name(), client);
    if (index == byIndex.size()) {
      byIndex.add(client);
    } else {
      byIndex.set(index, client);
    }
    return client;
  }

  /** Updates a client, and says whether it began to want offers. */
  private boolean update(Client client, Framework framework, MasterState state) {
    client.of(framework);
    boolean was = client.isEager();
    boolean is = Client.eager(framework, client.role);
    long[] before = client.allocated().clone();
    long[] now = scalars.of(framework.allocated().getOrDefault(client.role, Quantities.NONE));
    long turns = state.turns(client.id, client.role);
    if (is != was || turns != client.turns() || !Scalars.equal(now, before)) {
      client.count(now, before, turns - client.turns(), is == was ? 0 : is ? 1 : -1);
    }
    eager.set(client.index, is);
    ownRules.set(client.index, is && client.hasOwnRule());
    ledger.consumed(client.topLevel, state);
    return is && !was;
  }

  private void remove(Client client) {
    client.count(
        new long[0], client.allocated().clone(), -client.turns(), client.isEager() ? -1 : 0);
    Group group = client.parent;
    group.members.remove(client.name());
    while (group.members.isEmpty() && group.parent != null) {
      group.parent.members.remove(group.name());
      group = group.parent;
    }
    byIndex.set(client.index, null);
    freeIndexes.add(client.index);
    eager.clear(client.index);
    ownRules.clear(client.index);
  }

  /** Where the frameworks of a role are. */
  private Group group(String role) {
    Group at = root;
    StringBuilder path = new StringBuilder();
    for (String component : role.split("/")) {
      path.append(path.isEmpty() ? "" : "/").append(component);
      at = child(at, path.toString(), false);
    }
    return child(at, role + "/" + OWN, true);
  }

  private Group child(Group parent, String path, boolean ofClients) {
    Group group = (Group) parent.members.get(path);
    if (group == null) {
      group = new Group(path, parent, totals, ofClients);
      group.weigh(weights.getOrDefault(path, 1.0));
      group.quota = parent == root ? ledger.entry(path) : null;
      parent.members.put(path, group);
    }
    return group;
  }

  /** Weights may be others. */
  void roles(MasterState state) {
    weights.clear();
    for (Role role : state.roles().values()) {
      OptionalDouble weight = role.weight();
      if (weight.isPresent()) {
        weights.put(role.name(), weight.getAsDouble());
      }
    }
    weigh(root);
    root.members.values().forEach(member -> ((Group) member).quota = ledger.entry(member.name()));
  }

  private void weigh(Group group) {
    for (Node member : group.members.values()) {
      if (member instanceof Group role) {
        role.weigh(weights.getOrDefault(role.name(), 1.0));
        weigh(role);
      }
    }
  }

  /** The client; null if there is none. */
  Client find(FrameworkId framework, String role) {
    TreeMap<String, Client> some = byFramework.get(framework);
    return some == null ? null : some.get(role);
  }

  /** The client at a place; null if there is none. */
  Client at(int index) {
    return byIndex.get(index);
  }

  /** Returns those that want offers. */
  BitSet eager() {
    return eager;
  }

  /** Whether somebody who wants offers has a minimum of its own. */
  boolean haveOwnRules() {
    return !ownRules.isEmpty();
  }

  Group root() {
    return root;
  }

  /** Supposes, until it is followed again, that the client was given so much. */
  void give(Client client, long[] amounts) {
    supposed.add(client.id);
    client.serve(amounts);
  }

  /** Those of whom something was supposed. */
  Set<FrameworkId> takeSupposed() {
    Set<FrameworkId> some = new LinkedHashSet<>(supposed);
    supposed.clear();
    return some;
  }
}
