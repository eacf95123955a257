package io.quorate.master.allocator;

import java.util.Set;

/** What the cluster has of each scalar that counts in shares. */
final class Totals {
  private final Scalars scalars;
  private final Set<String> excluded;
  private long[] all = {};
  private long[] counting = {};
  private long version;

  /** Excluded names do not count ({@code --fair_sharing_excluded_resource_names}). */
  Totals(Scalars scalars, Set<String> excluded) {
    this.scalars = scalars;
    this.excluded = excluded;
  }

  void change(long[] before, long[] after) {
    if (Scalars.equal(before, after)) {
      return;
    }
    all = Scalars.subtract(Scalars.add(all, after), before);
    counting = all.clone();
    for (String name : excluded) {
      int place = scalars.place(name);
      if (place < counting.length) {
        counting[place] = 0;
      }
    }
    version++;
  }

  long[] amounts() {
    return counting;
  }

  /** Another one for other amounts. */
  long version() {
    return version;
  }
}
