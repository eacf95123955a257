package io.quorate.master.allocator;

import io.quorate.master.allocator.policy.Sibling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeMap;

/**
 * A group is a role with the roles below it, or the frameworks of one role. Members are kept in
 * order.
 */
final class Group extends Node {
  private static final Comparator<Sibling> BY_NAME = Comparator.comparing(Sibling::name);

  final TreeMap<String, Node> members = new TreeMap<>();
  final boolean ofClients;

  /** This is the quota of a top-level role, and null without one. */
  Ledger.Entry quota;

  private Node[] order = {};
  private int size;
  private Comparator<Sibling> by = BY_NAME;
  private long sortedFor = -1;
  private boolean sorted;
  private final Totals totals;

  /** Makes a group of clients, or of roles. */
  Group(String name, Group parent, Totals totals, boolean ofClients) {
    super(name, parent, totals);
    this.totals = totals;
    this.ofClients = ofClients;
  }

  void unsorted() {
    sorted = false;
  }

  /** Puts all in order, here and below, where anything is wanted. */
  void sort(Orders orders) {
    Comparator<Sibling> wanted = (ofClients ? orders.frameworks() : orders.roles());
    if (!sorted || wanted != by || sortedFor != totals.version()) {
      by = wanted;
      Node[] eager =
          members.values().stream().filter(member -> member.eager() > 0).toArray(Node[]::new);
      // Members are in order of name and the sort is stable: that breaks ties.
      Arrays.sort(eager, by);
      order = eager;
      size = eager.length;
      sorted = true;
      sortedFor = totals.version();
    }
    for (int i = 0; i < size; i++) {
      if (order[i] instanceof Group group) {
        group.sort(orders);
      }
    }
  }

  /** Sees those that want offers, first served first. */
  interface Visitor {
    /** Whether to see who is below. */
    boolean enter(Group group);

    /** Visits a client, and says whether to stop. */
    boolean visit(Client client);
  }

  /** Shows all to the visitor; whether it said stop. */
  boolean walk(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      Node member = order[i];
      boolean stop =
          member instanceof Client client
              ? visitor.visit(client)
              : visitor.enter((Group) member) && ((Group) member).walk(visitor);
      if (stop) {
        return true;
      }
    }
    return false;
  }

  /** A member whose share has changed goes where it belongs now. */
  void reposition(Node member) {
    int from = 0;
    while (from < size && order[from] != member) {
      from++;
    }
    if (from == size) {
      return;
    }
    System.arraycopy(order, from + 1, order, from, size - from - 1);
    int low = 0;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int comparison = by.compare(order[middle], member);
      if (comparison == 0) {
        comparison = BY_NAME.compare(order[middle], member);
      }
      if (comparison < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    System.arraycopy(order, low, order, low + 1, size - low - 1);
    order[low] = member;
    sorted = true;
  }
}
