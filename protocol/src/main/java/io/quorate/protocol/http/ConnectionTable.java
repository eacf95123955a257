package io.quorate.protocol.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open connections of a port, and which of them have to go. It sees no clock and closes
 * nothing: it is told the time, and says which connections to close.
 *
 * <p>A connection is <em>unserved</em> from its beginning to its first whole request, and from an
 * answer to the next request; it is served while a whole request waits for its answer, however long
 * that takes (a stream). A stranger can hold only unserved ones, so a newcomer takes the place of
 * the oldest of these. No thread may enter while another is inside.
 *
 * @param <C> a connection, with identity for equality
 */
public final class ConnectionTable<C> {

  private enum Phase {
    FIRST_HEAD,
    BODY,
    SERVED,
    NEXT_HEAD
  }

  private static final class Entry {
    private final String address;
    private Phase phase = Phase.FIRST_HEAD;
    private long sinceMillis;

    Entry(String address, long nowMillis) {
      this.address = address;
      this.sinceMillis = nowMillis;
    }
  }

  private final HttpBounds bounds;
  private final Map<C, Entry> all = new HashMap<>();

  /** Those that are not served, the longest so first. */
  private final Map<C, Entry> unserved = new LinkedHashMap<>();

  private final Map<String, Integer> perAddress = new HashMap<>();
  private final Map<String, Integer> unservedPerAddress = new HashMap<>();

  public ConnectionTable(HttpBounds bounds) {
    this.bounds = bounds;
  }

  /**
   * Takes a new connection.
   *
   * @return those to close for it, itself if there is no room
   */
  public List<C> opened(C connection, String address, long nowMillis) {
    List<C> leaving = new ArrayList<>();
    if (unservedPerAddress.getOrDefault(address, 0) >= bounds.unservedPerAddressMax()
        || perAddress.getOrDefault(address, 0) >= bounds.connectionsPerAddressMax()) {
      oldestUnserved(Optional.of(address)).ifPresent(oldest -> leave(oldest, leaving));
    } else if (unserved.size() >= bounds.unservedMax() || all.size() >= bounds.connectionsMax()) {
      oldestUnserved(Optional.empty()).ifPresent(oldest -> leave(oldest, leaving));
    }
    if (all.size() >= bounds.connectionsMax()
        || perAddress.getOrDefault(address, 0) >= bounds.connectionsPerAddressMax()) {
      leaving.add(connection);
      return leaving;
    }
    Entry entry = new Entry(address, nowMillis);
    all.put(connection, entry);
    unserved.put(connection, entry);
    perAddress.merge(address, 1, Integer::sum);
    unservedPerAddress.merge(address, 1, Integer::sum);
    return leaving;
  }

  private void leave(C connection, List<C> leaving) {
    closed(connection);
    leaving.add(connection);
  }

  private Optional<C> oldestUnserved(Optional<String> address) {
    for (Map.Entry<C, Entry> candidate : unserved.entrySet()) {
      if (address.isEmpty() || candidate.getValue().address.equals(address.get())) {
        return Optional.of(candidate.getKey());
      }
    }
    return Optional.empty();
  }

  /** The head of a request is there, and its body is awaited. */
  public void head(C connection, long nowMillis) {
    Entry entry = all.get(connection);
    if (entry != null) {
      entry.phase = Phase.BODY;
      entry.sinceMillis = nowMillis;
    }
  }

  /** The whole request is there. */
  public void whole(C connection) {
    Entry entry = all.get(connection);
    if (entry != null && entry.phase == Phase.BODY) {
      entry.phase = Phase.SERVED;
      if (unserved.remove(connection) != null) {
        decrement(unservedPerAddress, entry.address);
      }
    }
  }

  /** The whole request was answered. */
  public void answered(C connection, long nowMillis) {
    Entry entry = all.get(connection);
    if (entry != null) {
      entry.phase = Phase.NEXT_HEAD;
      entry.sinceMillis = nowMillis;
      if (unserved.put(connection, entry) == null) {
        unservedPerAddress.merge(entry.address, 1, Integer::sum);
      }
    }
  }

  /** The connection is closed. */
  public void closed(C connection) {
    Entry entry = all.remove(connection);
    if (entry != null) {
      decrement(perAddress, entry.address);
      if (unserved.remove(connection) != null) {
        decrement(unservedPerAddress, entry.address);
      }
    }
  }

  private static void decrement(Map<String, Integer> counts, String address) {
    counts.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Returns the connections that took too long with a head or a body, and are to be closed. */
  public List<C> overdue(long nowMillis) {
    List<C> overdue = new ArrayList<>();
    for (Iterator<Map.Entry<C, Entry>> i = unserved.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<C, Entry> candidate = i.next();
      Entry entry = candidate.getValue();
      if (nowMillis - entry.sinceMillis >= allowedMillis(entry.phase)) {
        overdue.add(candidate.getKey());
      }
    }
    overdue.forEach(this::closed);
    return overdue;
  }

  private long allowedMillis(Phase phase) {
    return switch (phase) {
      case FIRST_HEAD -> bounds.headTimeout().toMillis();
      case BODY -> bounds.bodyTimeout().toMillis();
      case NEXT_HEAD -> bounds.idleTimeout().toMillis();
      case SERVED -> Long.MAX_VALUE;
    };
  }

  /** How many are open. */
  public int size() {
    return all.size();
  }
}
