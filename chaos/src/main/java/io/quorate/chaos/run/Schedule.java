package io.quorate.chaos.run;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Recorder;
import io.quorate.chaos.nemesis.Nemesis;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * When each nemesis strikes and heals. Each has a rhythm of its own, so that several overlap; a
 * seed gives the same times and the same choices.
 */
final class Schedule {
  /** One step. */
  private record Step(long at, Nemesis nemesis, boolean strikes, int number, long choice) {}

  private final List<Step> steps = new ArrayList<>();
  private final List<Nemesis> nemeses;

  Schedule(List<Nemesis> nemeses, Options options) {
    this.nemeses = nemeses;
    SplittableRandom random = new SplittableRandom(options.seed());
    long end = options.timeLimit().toNanos();
    for (Nemesis nemesis : nemeses) {
      long at = around(options.quiet().toNanos(), random);
      for (int number = 1; at < end; number++) {
        steps.add(new Step(at, nemesis, true, number, random.nextLong()));
        at += options.hold().toNanos();
        steps.add(new Step(Math.min(at, end), nemesis, false, number, 0));
        at += around(options.quiet().toNanos(), random);
      }
    }
    steps.sort(Comparator.comparingLong(Step::at));
  }

  /** Half as long, or half as long again, or between. */
  private static long around(long nanos, SplittableRandom random) {
    return nanos / 2 + random.nextLong(Math.max(1, nanos));
  }

  /** Goes through all of it. Returns at the time limit, with all healed that can be. */
  void run(ChaosCluster cluster, Recorder recorder, long timeLimitNanos, Consumer<String> say)
      throws InterruptedException {
    long begin = System.nanoTime();
    try {
      for (Step step : steps) {
        TimeUnit.NANOSECONDS.sleep(Math.max(0, begin + step.at - System.nanoTime()));
        perform(step, cluster, recorder, say);
      }
      TimeUnit.NANOSECONDS.sleep(Math.max(0, begin + timeLimitNanos - System.nanoTime()));
    } finally {
      for (Nemesis nemese : nemeses) {
        heal(nemese, cluster, recorder, 0, say);
      }
    }
  }

  private static void perform(
      Step step, ChaosCluster cluster, Recorder recorder, Consumer<String> say) {
    if (!step.strikes) {
      heal(step.nemesis, cluster, recorder, step.number, say);
      return;
    }
    String name = step.nemesis.name();
    note(recorder, name, "start", "...", step.number);
    String what;
    try {
      what = step.nemesis.strike(cluster, new SplittableRandom(step.choice));
    } catch (IOException e) {
      what = "failed: " + e.getMessage();
    }
    say.accept(name + ": " + what);
    note(recorder, name, "struck", what, step.number);
  }

  private static void heal(
      Nemesis nemesis, ChaosCluster cluster, Recorder recorder, int number, Consumer<String> say) {
    String phase = "stop";
    String what = "healed";
    try {
      nemesis.heal(cluster);
    } catch (IOException e) {
      phase = "unhealed";
      what = "not healed: " + e.getMessage();
      say.accept(nemesis.name() + ": " + what);
    }
    if (number > 0) {
      note(recorder, nemesis.name(), phase, what, number);
    }
  }

  private static void note(Recorder recorder, String name, String phase, String what, int number) {
    recorder.info(name, Json.object().put("phase", phase).put("what", what).put("strike", number));
  }
}
