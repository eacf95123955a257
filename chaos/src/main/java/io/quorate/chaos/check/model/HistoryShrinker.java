package io.quorate.chaos.check.model;

import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a history that has no linear order small: the shortest prefix that has none, then without
 * every operation that is not needed for that.
 */
public final class HistoryShrinker<S> {
  /** For one try; a search that takes longer shows nothing, and the operations stay. */
  private static final Linearizability.Budget TRY = new Linearizability.Budget(200_000, 4L << 20);

  /** For all tries together, in operations searched. */
  private static final long WORK_MAX = 50_000_000;

  private final Model<S> model;
  private long work;

  private HistoryShrinker(Model<S> model) {
    this.model = model;
  }

  public static <S> List<ModelCall> smallest(Model<S> model, List<ModelCall> invalid) {
    HistoryShrinker<S> shrinking = new HistoryShrinker<>(model);
    return shrinking.thinned(shrinking.shortest(invalid));
  }

  /**
   * Every prefix of a history that has a linear order has one: so the first bad one is searched.
   */
  private List<ModelCall> shortest(List<ModelCall> history) {
    List<Long> returns =
        history.stream().filter(call -> !call.open()).map(ModelCall::returned).sorted().toList();
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
    List<ModelCall> shortest = prefix(history, returns.get(high));
    return invalid(shortest) ? shortest : history;
  }

  /** What was known at a time. */
  private static List<ModelCall> prefix(List<ModelCall> history, long until) {
    List<ModelCall> prefix = new ArrayList<>();
    for (ModelCall modelCall : history) {
      if (modelCall.called() <= until) {
        prefix.add(modelCall.returned() <= until ? modelCall : modelCall.opened());
      }
    }
    return prefix;
  }

  /** First many at once, then fewer, in the end one by one. */
  private List<ModelCall> thinned(List<ModelCall> history) {
    List<ModelCall> left = history;
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

  private List<ModelCall> withoutChunks(List<ModelCall> history, int size) {
    List<ModelCall> left = history;
    int at = 0;
    while (at < left.size() && work < WORK_MAX) {
      List<ModelCall> fewer = left;
      for (ModelCall call : left.subList(at, Math.min(left.size(), at + size))) {
        Optional<List<ModelCall>> without =
            fewer.contains(call) ? model.without(fewer, call) : Optional.empty();
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

  private boolean invalid(List<ModelCall> history) {
    work += history.size();
    Linearizability.Result result = Linearizability.check(model, history, TRY);
    work += result.steps();
    return result.status() == Verdict.Status.INVALID;
  }
}
