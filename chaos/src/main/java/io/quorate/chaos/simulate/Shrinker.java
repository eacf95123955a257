package io.quorate.chaos.simulate;

import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.ActionPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes a failing plan small: actions are left out while it still fails (delta debugging). */
final class Shrinker {
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  private Shrinker() {}

  /** What is printed of a failed seed. */
  static String report(ActionPlan plan, InjectedBug injectedBug) {
    ActionPlan small = shrink(plan, injectedBug);
    Simulation.Outcome outcome = Simulation.run(small, injectedBug, true);
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(plan.seed()).append(": ").append(outcome.failure().orElse("?"));
    text.append(
        String.format("%nleft of %d actions: %d%n", plan.actions().size(), small.actions().size()));
    small.actions().forEach(action -> text.append("  ").append(action).append('\n'));
    text.append("history:\n");
    outcome.history().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  static ActionPlan shrink(ActionPlan plan, InjectedBug injectedBug) {
    long end = System.nanoTime() + TIME_MAX.toNanos();
    List<ActionPlan.Action> actions = plan.actions();
    int chunk = Math.max(1, actions.size() / 2);
    while (System.nanoTime() < end) {
      boolean smaller = false;
      for (int at = 0; at < actions.size() && System.nanoTime() < end; ) {
        List<ActionPlan.Action> rest = new ArrayList<>(actions.subList(0, at));
        rest.addAll(actions.subList(Math.min(at + chunk, actions.size()), actions.size()));
        if (fails(plan.with(rest), injectedBug)) {
          actions = rest;
          smaller = true;
        } else {
          at += chunk;
        }
      }
      if (chunk == 1 && !smaller) {
        break;
      }
      chunk = Math.max(1, chunk / 2);
    }
    return plan.with(actions);
  }

  private static boolean fails(ActionPlan plan, InjectedBug injectedBug) {
    return Simulation.run(plan, injectedBug, false).failure().isPresent();
  }
}
