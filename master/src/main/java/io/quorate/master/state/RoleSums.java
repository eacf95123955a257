package io.quorate.master.state;

import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.BinaryOperator;
import org.pcollections.TreePMap;

/**
 * What counts against the quota of each role (Mesos 5.3), derived from agents and from what
 * frameworks hold.
 *
 * @param reserved by the role that it is reserved for, whether in use or not
 * @param charged by the role that holds it: neither reserved nor revocable, in use or on offer
 */
record RoleSums(TreePMap<String, Quantities> reserved, TreePMap<String, Quantities> charged) {
  static final RoleSums NONE = new RoleSums(TreePMap.empty(), TreePMap.empty());

  /** Whether it counts against a quota as soon as it is offered: not reserved, not revocable. */
  static boolean charges(Resource resource) {
    return resource.getReservationsCount() == 0 && !resource.hasRevocable();
  }

  /** What is charged of some resources: revocable ones and reserved ones are not. */
  static Quantities charge(Resources resources) {
    return Quantities.of(resources.filter(RoleSums::charges));
  }

  RoleSums charged(String role, Resources resources) {
    return new RoleSums(reserved, changed(charged, role, charge(resources), Quantities::plus));
  }

  RoleSums discharged(String role, Resources resources) {
    return new RoleSums(
        reserved, changed(charged, role, charge(resources), Quantities::minusPresent));
  }

  RoleSums reserved(Resources total) {
    return changedReserved(total, Quantities::plus);
  }

  RoleSums unreserved(Resources total) {
    return changedReserved(total, Quantities::minusPresent);
  }

  private RoleSums changedReserved(Resources total, BinaryOperator<Quantities> how) {
    TreePMap<String, Quantities> sums = reserved;
    SortedMap<String, Resources> byRole =
        total.filter(resource -> resource.getReservationsCount() > 0).groupBy(RoleSums::holder);
    for (Map.Entry<String, Resources> share : byRole.entrySet()) {
      sums = changed(sums, share.getKey(), Quantities.of(share.getValue()), how);
    }
    return new RoleSums(sums, charged);
  }

  private static String holder(Resource reserved) {
    return reserved.getReservations(reserved.getReservationsCount() - 1).getRole();
  }

  private static TreePMap<String, Quantities> changed(
      TreePMap<String, Quantities> sums,
      String role,
      Quantities by,
      BinaryOperator<Quantities> how) {
    if (by.isEmpty()) {
      return sums;
    }
    Quantities next = how.apply(sums.getOrDefault(role, Quantities.NONE), by);
    return next.isEmpty() ? sums.minus(role) : sums.plus(role, next);
  }

  /** Of a role and all below it. */
  static Quantities ofSubtree(TreePMap<String, Quantities> sums, String role) {
    Quantities sum = sums.getOrDefault(role, Quantities.NONE);
    // '0' is the character after '/'.
    for (Quantities below : sums.subMap(role + "/", role + "0").values()) {
      sum = sum.plus(below);
    }
    return sum;
  }
}
