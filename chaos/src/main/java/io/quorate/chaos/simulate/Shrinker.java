package io.quorate.chaos.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes a failing plan small: deeds are left out while it still fails (delta debugging). */
final class Shrinker {
  private static final Duration TIME_MAX = Duration.ofSeconds(30);

  private Shrinker() {}

  /** What is printed of a failed seed. */
  static String report(Plan plan, Sabotage sabotage) {
    Plan small = shrink(plan, sabotage);
    Simulation.Outcome outcome = Simulation.run(small, sabotage, true);
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(plan.seed()).append(": ").append(outcome.failure().orElse("?"));
    text.append(
        String.format("%nleft of %d deeds: %d%n", plan.deeds().size(), small.deeds().size()));
    small.deeds().forEach(deed -> text.append("  ").append(deed).append('\n'));
    text.append("history:\n");
    outcome.history().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  static Plan shrink(Plan plan, Sabotage sabotage) {
    long end = System.nanoTime() + TIME_MAX.toNanos();
    List<Plan.Deed> deeds = plan.deeds();
    int chunk = Math.max(1, deeds.size() / 2);
    while (System.nanoTime() < end) {
      boolean smaller = false;
      for (int at = 0; at < deeds.size() && System.nanoTime() < end; ) {
        List<Plan.Deed> rest = new ArrayList<>(deeds.subList(0, at));
        rest.addAll(deeds.subList(Math.min(at + chunk, deeds.size()), deeds.size()));
        if (fails(plan.with(rest), sabotage)) {
          deeds = rest;
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
    return plan.with(deeds);
  }

  private static boolean fails(Plan plan, Sabotage sabotage) {
    return Simulation.run(plan, sabotage, false).failure().isPresent();
  }
}
