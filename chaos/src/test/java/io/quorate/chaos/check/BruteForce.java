package io.quorate.chaos.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries every order: what the search is compared with. */
final class BruteForce {
  private BruteForce() {}

  static <S> boolean linearizable(Model<S> model, List<Operation> history) {
    return linearizable(model, model.init(), history);
  }

  private static <S> boolean linearizable(Model<S> model, S state, List<Operation> left) {
    if (left.stream().allMatch(Operation::open)) {
      return true;
    }
    for (Operation first : left) {
      boolean mayBeFirst = left.stream().noneMatch(each -> each.returned() < first.called());
      if (!mayBeFirst || (first.open() && model.reads(first.f()))) {
        continue;
      }
      Optional<S> after = model.step(state, first.f(), first.input(), first.output());
      List<Operation> rest = new ArrayList<>(left);
      rest.remove(first);
      if (after.isPresent() && linearizable(model, after.get(), rest)) {
        return true;
      }
    }
    return false;
  }
}
