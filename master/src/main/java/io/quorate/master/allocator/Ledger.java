package io.quorate.master.allocator;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Role;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What roles with a quota may still have, and what is kept free for them (Mesos 5.3, 5.4). Amounts
 * are thousandths by place.
 */
final class Ledger {

  /** This is a top-level role with a quota. */
  static final class Entry {
    final String role;
    private long[] guarantee;
    private long[] limit;
    private long[] consumed;
    private boolean unsatisfied;
    private boolean exhausted;

    Entry(String role) {
      this.role = role;
    }

    /** How much of the guarantee is missing. */
    long unsatisfied(int place) {
      return Math.max(0, Scalars.at(guarantee, place) - Scalars.at(consumed, place));
    }

    boolean unsatisfied() {
      return unsatisfied;
    }

    /** Whether what it may still have is not worth an offer. */
    boolean exhausted() {
      return exhausted;
    }

    private void judge(Enough enough, Scalars scalars) {
      unsatisfied = false;
      for (int place = 0; place < guarantee.length; place++) {
        unsatisfied |= unsatisfied(place) > 0;
      }
      long[] left = new long[scalars.size()];
      for (int place = 0; place < left.length; place++) {
        left[place] = left(place);
      }
      exhausted = !enough.is(left);
    }

    /** How much more it may have; less than 0 where a limit was forced. */
    long left(int place) {
      long most = place < limit.length ? limit[place] : Long.MAX_VALUE;
      return most == Long.MAX_VALUE ? most : most - Scalars.at(consumed, place);
    }
  }

  private final Scalars scalars;
  private final Enough enough;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private long[] available = {};
  private long[] required = {};
  private boolean guarantees;
  private long[] availableBefore;
  private final Set<Entry> givenTo = new LinkedHashSet<>();

  Ledger(Scalars scalars, Enough enough) {
    this.scalars = scalars;
    this.enough = enough;
  }

  /** Returns the role's entry, which is null without a quota. */
  Entry entry(String topLevel) {
    return entries.get(topLevel);
  }

  /** The free resources of an agent are others. */
  void available(long[] before, long[] after) {
    available = Scalars.subtract(Scalars.add(available, after), before);
  }

  /** Sums all quotas anew. */
  void load(MasterState state) {
    entries.clear();
    required = new long[0];
    guarantees = false;
    for (Role role : state.roles().values()) {
      if (role.hasQuota()) {
        Entry entry = new Entry(role.name());
        entry.guarantee = scalars.of(role.guarantees());
        entry.limit = limits(role);
        entry.consumed = new long[0];
        entries.put(role.name(), entry);
        guarantees |= entry.guarantee.length > 0;
        require(entry, 1);
      }
    }
  }

  private long[] limits(Role role) {
    Map<String, Long> millis = role.limits().millis();
    millis.keySet().forEach(scalars::place);
    long[] limits = new long[millis.isEmpty() ? 0 : scalars.size()];
    Arrays.fill(limits, Long.MAX_VALUE);
    millis.forEach((name, amount) -> limits[scalars.place(name)] = amount);
    return limits;
  }

  /** What the role consumes is something else now. */
  void consumed(String topLevel, MasterState state) {
    Entry entry = entries.get(topLevel);
    if (entry != null) {
      require(entry, -1);
      entry.consumed = scalars.of(state.consumed(topLevel));
      require(entry, 1);
    }
  }

  /** Sums again what is consumed of every role. */
  void consumed(MasterState state) {
    entries.keySet().forEach(role -> consumed(role, state));
  }

  /** Supposes, until {@link #restore}, that a role was given so much. */
  void give(Entry entry, long[] charge) {
    if (availableBefore == null) {
      availableBefore = available.clone();
    }
    available = Scalars.subtract(available, charge);
    if (entry != null) {
      givenTo.add(entry);
      require(entry, -1);
      entry.consumed = Scalars.add(entry.consumed, charge);
      require(entry, 1);
    }
  }

  /** Takes back what was only supposed. */
  void restore(MasterState state) {
    if (availableBefore != null) {
      available = availableBefore;
      availableBefore = null;
      givenTo.forEach(entry -> consumed(entry.role, state));
      givenTo.clear();
    }
  }

  private void require(Entry entry, int sign) {
    long[] missing = new long[entry.guarantee.length];
    for (int place = 0; place < missing.length; place++) {
      missing[place] = entry.unsatisfied(place);
    }
    required = sign > 0 ? Scalars.add(required, missing) : Scalars.subtract(required, missing);
    if (sign > 0) {
      entry.judge(enough, scalars);
    }
  }

  /** Whether any guarantee waits to be met. */
  boolean unsatisfied() {
    for (long amount : required) {
      if (amount > 0) {
        return true;
      }
    }
    return false;
  }

  /** Free in the cluster beyond what all unmet guarantees need. */
  private long surplus(int place) {
    return guarantees ? Scalars.at(available, place) - Scalars.at(required, place) : Long.MAX_VALUE;
  }

  /** The most of one scalar that a role may be given now. */
  long bound(Entry entry, int place) {
    long surplus = Math.max(0, surplus(place));
    return entry == null ? surplus : Math.min(Math.max(0, entry.left(place)), surplus);
  }

  /** The same while guarantees are met: what is missing, and from the surplus what is beyond. */
  long boundOfGuarantee(Entry entry, int place) {
    long missing = entry.unsatisfied(place);
    long left = Math.max(0, entry.left(place));
    long beyond = Math.min(Math.max(0, left - missing), Math.max(0, surplus(place)));
    return Math.min(left, beyond == Long.MAX_VALUE ? beyond : missing + beyond);
  }
}
