package io.quorate.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a history that has no linear order small: the shortest prefix that has none, then without
 * every operation that is not needed for that.
 */
final class Shrinking<S> {
  /** For one try; a search that takes longer shows nothing, and the operations stay. */
  private static final Linearizability.Budget TRY = new Linearizability.Budget(200_000, 4L << 20);

  /** For all tries together, in operations searched. */
  private static final long WORK_MAX = 50_000_000;

  private final Model<S> model;
  private long work;

  private Shrinking(Model<S> model) {
    this.model = model;
  }

  static <S> List<Operation> smallest(Model<S> model, List<Operation> invalid) {
    Shrinking<S> shrinking = new Shrinking<>(model);
    return shrinking.thinned(shrinking.shortest(invalid));
  }

  /**
   * Every prefix of a history that has a linear order has one: so the first bad one is searched.
   */
  private List<Operation> shortest(List<Operation> history) {
    List<Long> returns =
        history.stream().filter(each -> !each.open()).map(Operation::returned).sorted().toList();
    int low = 0;
    int high = returns.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (invalid(prefix(history, returns.get(middle)))) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    List<Operation> shortest = prefix(history, returns.get(high));
    return invalid(shortest) ? shortest : history;
  }

  /** What was known at a time. */
  private static List<Operation> prefix(List<Operation> history, long until) {
    List<Operation> prefix = new ArrayList<>();
    for (Operation each : history) {
      if (each.called() <= until) {
        prefix.add(each.returned() <= until ? each : each.opened());
      }
    }
    return prefix;
  }

  /** First many at once, then fewer, in the end one by one. */
  private List<Operation> thinned(List<Operation> history) {
    List<Operation> left = history;
    for (int size = Math.max(1, left.size() / 2); size >= 1; size /= 2) {
      boolean smaller = true;
      while (smaller) {
        int before = left.size();
        left = withoutChunks(left, size);
        smaller = left.size() < before && size == 1;
      }
    }
    return left;
  }

  private List<Operation> withoutChunks(List<Operation> history, int size) {
    List<Operation> left = history;
    int at = 0;
    while (at < left.size() && work < WORK_MAX) {
      List<Operation> fewer = left;
      for (Operation each : left.subList(at, Math.min(left.size(), at + size))) {
        Optional<List<Operation>> without =
            fewer.contains(each) ? model.without(fewer, each) : Optional.empty();
        fewer = without.orElse(fewer);
      }
      if (fewer.size() < left.size() && invalid(fewer)) {
        left = fewer;
      } else {
        at += size;
      }
    }
    return left;
  }

  private boolean invalid(List<Operation> history) {
    work += history.size();
    Linearizability.Result result = Linearizability.check(model, history, TRY);
    work += result.steps();
    return result.status() == Verdict.Status.INVALID;
  }
}
