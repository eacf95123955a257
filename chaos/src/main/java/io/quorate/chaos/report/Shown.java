package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * What of a run is drawn one by one. Up to {@link #OPERATIONS_MAX} operations that is all of them.
 * Above it, those that were not ok and those in the window of a verdict have the first claim (to a
 * half and a quarter of the room), and the rest is every so many of the others.
 *
 * @param operations by start
 * @param events what processes were told, by time
 * @param eventLines the line of each event in history.jsonl, from 1
 * @param eventsInAll how many there were
 */
record Shown(
    List<RunOperation> operations, List<Op> events, List<Integer> eventLines, int eventsInAll) {
  static final int OPERATIONS_MAX = 50_000;
  static final int EVENTS_MAX = 20_000;

  static Shown of(Run run, List<Verdict> verdicts, int operationsMax, int eventsMax) {
    List<Integer> events = new ArrayList<>();
    for (int i = 0; i < run.lines().size(); i++) {
      Op line = run.lines().get(i);
      if (line.type() == Op.Type.EVENT && !line.process().equals(Op.NEMESIS)) {
        events.add(i);
      }
    }
    List<Integer> kept = evenly(events, eventsMax);
    return new Shown(
        operations(run.operations(), verdicts, operationsMax),
        kept.stream().map(run.lines()::get).toList(),
        kept.stream().map(index -> index + 1).toList(),
        events.size());
  }

  private static List<RunOperation> operations(
      List<RunOperation> all, List<Verdict> verdicts, int operationsMax) {
    if (all.size() <= operationsMax) {
      return all;
    }
    BitSet keep = new BitSet(all.size());
    keep(keep, all, operation -> operation.outcome() != OperationOutcome.OK, operationsMax / 2);
    keep(keep, all, operation -> inSomeWindow(operation, verdicts), operationsMax / 4);
    keep(keep, all, operation -> true, operationsMax - keep.cardinality());
    return keep.stream().mapToObj(all::get).toList();
  }

  private static void keep(
      BitSet keep, List<RunOperation> all, Predicate<RunOperation> claim, int limit) {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (!keep.get(i) && claim.test(all.get(i))) {
        candidates.add(i);
      }
    }
    evenly(candidates, limit).forEach(keep::set);
  }

  private static boolean inSomeWindow(RunOperation operation, List<Verdict> verdicts) {
    return verdicts.stream()
        .map(Verdict::window)
        .anyMatch(
            window ->
                window != null
                    && operation.start() <= window.to()
                    && operation.end() >= window.from());
  }

  /** At most {@code limit} of them, spread evenly. */
  private static List<Integer> evenly(List<Integer> all, int limit) {
    if (all.size() <= limit) {
      return all;
    }
    List<Integer> some = new ArrayList<>(limit);
    for (int i = 0; i < limit; i++) {
      some.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return some;
  }
}
