package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.check.model.HistoryShrinker;
import io.quorate.chaos.check.model.Linearizability;
import io.quorate.chaos.check.model.Model;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The operations on each key have an order, true to real time, in which a model answers as it was
 * answered. Keys are judged one by one: a history has an order if those of its objects have
 * (Herlihy and Wing 1990).
 */
public final class Linearizable extends Promise {
  private final Model<?> model;
  private final String[] fs;
  private final Linearizability.Budget budget;

  public Linearizable(String name, Model<?> model, Linearizability.Budget budget, String... fs) {
    super(name);
    this.model = model;
    this.budget = budget;
    this.fs = fs;
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<String, List<ModelCall>> byKey = new TreeMap<>();
    for (Call call : run.history().calls(fs)) {
      if (!call.failed()) {
        byKey.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call.operation());
      }
    }
    long steps = 0;
    for (Map.Entry<String, List<ModelCall>> entry : byKey.entrySet()) {
      steps += judge(model, entry.getKey(), entry.getValue(), findings);
    }
    findings.figure("keys", byKey.size());
    findings.figure("steps", steps);
  }

  private <S> long judge(Model<S> of, String key, List<ModelCall> history, Findings findings) {
    // Only what was read can be wrong.
    findings.judged(history.stream().filter(call -> of.reads(call.f()) && !call.open()).count());
    Linearizability.Result result = Linearizability.check(of, history, budget);
    if (result.status() == Verdict.Status.UNKNOWN) {
      findings.missing(
          key + ": no order found, and none excluded, in " + result.steps() + " steps");
    } else if (result.status() == Verdict.Status.INVALID) {
      List<ModelCall> least = HistoryShrinker.smallest(of, history);
      long from = least.stream().mapToLong(ModelCall::called).min().orElse(0);
      long to =
          least.stream()
              .mapToLong(call -> call.open() ? call.called() : call.returned())
              .max()
              .orElse(from);
      findings.broken(
          key
              + ": no order of these operations gives their answers\n"
              + least.stream().map(ModelCall::toString).collect(Collectors.joining("\n")),
          new Verdict.Window(from, to));
    }
    return result.steps();
  }
}
