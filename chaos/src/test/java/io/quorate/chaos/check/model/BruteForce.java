package io.quorate.chaos.check.model;

import io.quorate.chaos.check.evidence.ModelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries every order: what the search is compared with. */
final class BruteForce {
  private BruteForce() {}

  static <S> boolean linearizable(Model<S> model, List<ModelCall> history) {
    return linearizable(model, model.init(), history);
  }

  private static <S> boolean linearizable(Model<S> model, S state, List<ModelCall> left) {
    if (left.stream().allMatch(ModelCall::open)) {
      return true;
    }
    for (ModelCall first : left) {
      boolean mayBeFirst = left.stream().noneMatch(call -> call.returned() < first.called());
      if (!mayBeFirst || (first.open() && model.reads(first.f()))) {
        continue;
      }
      Optional<S> after = model.step(state, first.f(), first.input(), first.output());
      List<ModelCall> rest = new ArrayList<>(left);
      rest.remove(first);
      if (after.isPresent() && linearizable(model, after.get(), rest)) {
        return true;
      }
    }
    return false;
  }
}
