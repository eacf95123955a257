package io.quorate.master.allocator;

import io.quorate.master.state.MasterState;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.LinkedHashMap;
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
  private final Map<Kind, Fit> fits = new LinkedHashMap<>();
  private int special;
  private Fit whole;
  private final long[] charge;

  Portion(Resources all, Scalars scalars, Enough enough) {
    this.all = all;
    this.scalars = scalars;
    this.charge = scalars.of(all, Portion::plain);
    this.worthAnything = enough.is(scalars.of(all, any -> true));
    all.forEach(
        (resource, millis) -> {
          int depth = resource.getReservationsCount();
          if (depth > 0) {
            reservedFor.add(resource.getReservations(depth - 1).getRole());
          }
          special |= special(resource);
        });
  }

  private static int special(Resource resource) {
    return (resource.getReservationsCount() > 1 ? REFINED : 0)
        | (resource.hasShared() ? SHARED : 0)
        | (resource.hasRevocable() ? REVOCABLE : 0);
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
    for (String reserved : reservedFor) {
      if (reserved.length() > deepest.length() && Roles.covers(reserved, role)) {
        deepest = reserved;
      }
    }
    return deepest;
  }

  private Fit work(Kind kind) {
    Resources some =
        all.filter(
            resource -> {
              int depth = resource.getReservationsCount();
              boolean own =
                  depth == 0
                      || Roles.covers(resource.getReservations(depth - 1).getRole(), kind.role);
              return own && (special(resource) & ~kind.capabilities) == 0;
            });
    return new Fit(some, scalars);
  }

  /** What is left when this was taken. */
  Resources without(Resources taken) {
    return all.minus(taken);
  }

  /** Whether it counts against a quota: a scalar that is neither reserved nor revocable. */
  static boolean plain(Resource resource) {
    return MasterState.charges(resource) && resource.getType() == Value.Type.SCALAR;
  }

  /** The amounts of what is {@link #plain}: what roles with a quota wait for. */
  long[] charge() {
    return charge;
  }

  /** Whether all scalars in it count against quotas: who has used up its own gets nothing of it. */
  boolean allPlain() {
    return reservedFor.isEmpty() && (special & REVOCABLE) == 0;
  }
}
