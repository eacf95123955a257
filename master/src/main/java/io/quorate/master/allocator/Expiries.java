package io.quorate.master.allocator;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * This table knows when refusals end. Gathered by short spans of time, so that a million of them
 * cost no more each than one.
 */
final class Expiries {
  /** A span has 2^27 nanoseconds, which are 0.13 s. */
  private static final int SPAN_BITS = 27;

  /** A refusal ends for the client and the agent at these places. */
  record Expiry(long deadlineNanos, int agent, int client) {}

  private final TreeMap<Long, List<Expiry>> spans = new TreeMap<>();
  private int size;

  void add(Expiry expiry) {
    spans
        .computeIfAbsent(expiry.deadlineNanos() >> SPAN_BITS, any -> new ArrayList<>())
        .add(expiry);
    size++;
  }

  int size() {
    return size;
  }

  /** Those that are due, which are forgotten. */
  List<Expiry> takeDue(long nowNanos) {
    List<Expiry> due = new ArrayList<>();
    Iterator<Map.Entry<Long, List<Expiry>>> begun =
        spans.headMap(nowNanos >> SPAN_BITS, true).entrySet().iterator();
    while (begun.hasNext()) {
      List<Expiry> span = begun.next().getValue();
      span.removeIf(expiry -> expiry.deadlineNanos() <= nowNanos && due.add(expiry));
      if (span.isEmpty()) {
        begun.remove();
      }
    }
    size -= due.size();
    return due;
  }

  void clear() {
    spans.clear();
    size = 0;
  }
}
