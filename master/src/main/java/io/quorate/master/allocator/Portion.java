package io.quorate.master.allocator;

import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Free resources of an agent, and what of them each kind of client may have. Kinds are few, so each
 * is worked out once.
 */
final class Portion {
  /** The client understands refined reservations. */
  static final int REFINED = 1;

  /** The client takes shared volumes. */
  static final int SHARED = 2;

  /** The client takes revocable resources. */
  static final int REVOCABLE = 4;

  private record Kind(String role, int capabilities) {}

  private final Resources all;
  private final Scalars scalars;
  private final TreeSet<String> reservedFor = new TreeSet<>();
  private final boolean worthAnything;
  private final Map<Kind, Fit> fits = new HashMap<>();
  private int special;
  private Fit whole;
  private long[] charge;

  Portion(Resources all, Scalars scalars, WorthOffering worth) {
    this.all = all;
    this.scalars = scalars;
    this.worthAnything = worth.toAnybody(all);
    for (Resource each : all.toProtos()) {
      int depth = each.getReservationsCount();
      if (depth > 0) {
        reservedFor.add(each.getReservations(depth - 1).getRole());
      }
      special |=
          (depth > 1 ? REFINED : 0)
              | (each.hasShared() ? SHARED : 0)
              | (each.hasRevocable() ? REVOCABLE : 0);
    }
  }

  Resources all() {
    return all;
  }

  /** Whether it is worth an offer to somebody without a rule of its own. */
  boolean worthAnything() {
    return worthAnything;
  }

  /** What of it a client in this role may have (Mesos 3.2, 5.5). */
  Fit fit(Client client) {
    if (reservedFor.isEmpty() && (special & ~client.capabilities()) == 0) {
      if (whole == null) {
        whole = new Fit(all, scalars);
      }
      return whole;
    }
    Kind kind = new Kind(covered(client.role), client.capabilities() & special);
    return fits.computeIfAbsent(kind, this::work);
  }

  /** The deepest role that reserves for this one decides what it sees: names above are prefixes. */
  private String covered(String role) {
    String deepest = "";
    for (String each : reservedFor) {
      if (each.length() > deepest.length() && Roles.covers(each, role)) {
        deepest = each;
      }
    }
    return deepest;
  }

  private Fit work(Kind kind) {
    Resources some =
        all.filter(
            each -> {
              int depth = each.getReservationsCount();
              boolean own =
                  depth == 0 || Roles.covers(each.getReservations(depth - 1).getRole(), kind.role);
              int needs =
                  (depth > 1 ? REFINED : 0)
                      | (each.hasShared() ? SHARED : 0)
                      | (each.hasRevocable() ? REVOCABLE : 0);
              return own && (needs & ~kind.capabilities) == 0;
            });
    return new Fit(some, scalars);
  }

  /** What is left when this was taken. */
  Resources without(Resources taken) {
    return all.minus(taken);
  }

  /** The unreserved, lasting scalars. */
  static Resources plain(Resources resources) {
    return resources.filter(
        each ->
            each.getReservationsCount() == 0
                && !each.hasRevocable()
                && each.getType() == Value.Type.SCALAR);
  }

  /** The amounts of {@link #plain} of all of it: what the roles with a quota wait for. */
  long[] charge() {
    if (charge == null) {
      charge = scalars.of(Quantities.of(plain(all)));
    }
    return charge;
  }
}
