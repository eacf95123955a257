package io.quorate.master.allocator;

import io.quorate.master.state.Framework;
import io.quorate.protocol.resources.Quantities;
import java.util.Map;
import java.util.TreeMap;

/**
 * The dominant share of what somebody holds: the largest of the shares of each scalar resource in
 * the cluster's total (Ghodsi et al., NSDI 2011, section 4.1). Non-scalars do not count.
 */
final class DominantShare {
  private final Map<String, Long> totals;
  private final TreeMap<String, TreeMap<String, Long>> held = new TreeMap<>();

  /** With the cluster's totals in thousandths, by resource name. */
  DominantShare(Map<String, Long> totals) {
    this.totals = totals;
  }

  /** Counts what a framework holds already. */
  void add(Framework framework) {
    framework.allocated().values().forEach(held -> add(framework.id().value(), held));
  }

  /** Counts more in. */
  void add(String holder, Quantities more) {
    TreeMap<String, Long> sums = held.computeIfAbsent(holder, key -> new TreeMap<>());
    more.millis().forEach((name, millis) -> sums.merge(name, millis, Long::sum));
  }

  /** Between 0 and 1. */
  double of(String holder) {
    double share = 0;
    for (Map.Entry<String, Long> each : held.getOrDefault(holder, new TreeMap<>()).entrySet()) {
      long total = totals.getOrDefault(each.getKey(), 0L);
      if (total > 0) {
        share = Math.max(share, (double) each.getValue() / total);
      }
    }
    return share;
  }
}
