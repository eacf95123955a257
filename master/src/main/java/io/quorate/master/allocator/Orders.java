package io.quorate.master.allocator;

import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.Sibling;
import java.util.Comparator;

/** These are the orders of one round. */
record Orders(Comparator<Sibling> roles, Comparator<Sibling> frameworks) {
  static Orders of(AllocationPolicy roles, AllocationPolicy frameworks, long round) {
    return new Orders(roles.order(round), frameworks.order(round));
  }
}
