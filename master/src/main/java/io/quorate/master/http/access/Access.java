package io.quorate.master.http.access;

import io.quorate.master.access.Acls;
import io.quorate.master.http.server.Replies;
import io.quorate.protocol.auth.Credentials;
import io.quorate.protocol.http.EdgeRequest;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may come in, and what is shown to whom (Mesos 8.1, 8.2).
 *
 * @param credentials of everybody who can log in; there if a realm is closed
 * @param closed the realms where everybody has to (CP-453: none, unless a flag says so)
 * @param acls what is shown to whom
 */
public record Access(Optional<Credentials> credentials, Set<Realm> closed, Acls acls) {
  /** Nobody is asked, and everybody sees everything. */
  public static final Access OPEN = new Access(Optional.empty(), Set.of(), Acls.OPEN);

  public Access {
    closed = Set.copyOf(closed);
    if (!closed.isEmpty() && credentials.isEmpty()) {
      throw new IllegalArgumentException("without credentials nobody could come in");
    }
  }

  /** What anybody who reaches the port can do to the cluster; empty if everybody must log in. */
  public String openOrders() {
    List<String> can = new ArrayList<>();
    if (!closed.contains(Realm.SCHEDULER)) {
      can.add("run commands on the agents");
    }
    if (!closed.contains(Realm.READWRITE)) {
      can.add("give operators' orders");
    }
    return String.join(" and ", can);
  }

  /** What anybody who reaches the port can do, in words for the log. */
  public String openInAll() {
    String orders = openOrders();
    if (closed.contains(Realm.READONLY)) {
      return orders;
    }
    return orders.isEmpty() ? "read the state" : orders + " and read the state";
  }

  /**
   * The principal that asks; it has no name where nobody has to log in. Empty if it is to log in:
   * that has been answered then (CP-038).
   */
  public Optional<String> enter(HttpServerRequest request, Realm realm) {
    if (!closed.contains(realm)) {
      EdgeRequest.known(request);
      return Optional.of("");
    }
    Optional<String> principal =
        credentials.flatMap(known -> known.principal(request.getHeader("Authorization")));
    if (principal.isEmpty()) {
      request.response().putHeader("WWW-Authenticate", "Basic realm=\"" + realm.text() + "\"");
      Replies.text(request, 401, "A principal of this cluster and its secret are needed");
    } else {
      EdgeRequest.known(request);
    }
    return principal;
  }
}
