package io.quorate.chaos.simulate;

import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.master.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate simulate --seeds N --from S}. */
@Command(
    name = "quorate simulate",
    description = "Runs simulated quorums, one after another seed, and checks the invariants.",
    mixinStandardHelpOptions = true)
public final class SimulateMain implements Callable<Integer> {
  /** Seeds that a thread is given at once. */
  private static final int BLOCK = 20;

  @Option(names = "--seeds", description = "How many seeds (default: ${DEFAULT-VALUE}).")
  private int seeds = 100;

  @Option(
      names = "--seconds",
      description =
          "Goes on after --seeds with further seeds until so much time is over (default:"
              + " ${DEFAULT-VALUE}).")
  private int seconds = 0;

  @Option(names = "--from", description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long from = 1;

  @Option(
      names = "--floor",
      description =
          "MASTERS: the whole building; LOG: the log alone, many times faster (default:"
              + " ${DEFAULT-VALUE}).")
  private ActionPlan.Floor floor = ActionPlan.Floor.MASTERS;

  @Option(names = "--threads", description = "Seeds at once (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(names = "--verbose", description = "Also counts the events of each kind.")
  private boolean verbose;

  /** Exits with 0 if every seed is clean, 1 if one is not, 2 for wrong usage. */
  public static void main(String[] args) {
    System.setProperty("log4j2.configurationFile", "simulate-log4j2.xml");
    System.exit(new CommandLine(new SimulateMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Totals totals = run(floor, from, seeds, Duration.ofSeconds(seconds), threads);
    System.out.println(totals);
    if (verbose) {
      totals.events().forEach((kind, count) -> System.out.println("  " + count + " " + kind));
    }
    if (totals.firstFailure().isEmpty()) {
      return 0;
    }
    System.out.println(
        Shrinker.report(ActionPlan.of(totals.firstFailure().get(), floor), InjectedBug.NONE));
    return 1;
  }

  /**
   * What was run.
   *
   * @param firstFailure the lowest seed that failed
   */
  record Totals(
      int seeds,
      long steps,
      Duration simulated,
      Duration real,
      int threads,
      Map<Event.WhatCase, Integer> events,
      Optional<Long> firstFailure) {
    /** Simulated over real time, for one thread. */
    double ratio() {
      return (double) simulated.toNanos() / (real.toNanos() * threads);
    }

    @Override
    public String toString() {
      return String.format(
          "%d seeds, %d steps, %d s simulated in %.1f s on %d thread(s): %.0f times real time a"
              + " thread; %d of %d kinds of events happened; %s",
          seeds,
          steps,
          simulated.toSeconds(),
          real.toNanos() / 1e9,
          threads,
          ratio(),
          events.size(),
          Event.WhatCase.values().length - 1,
          firstFailure.map(seed -> "seed " + seed + " FAILED").orElse("clean"));
    }
  }

  /**
   * Runs seeds in their order, and stops after the block of the first that fails.
   *
   * @param least how many are run however long it takes
   * @param time for which further seeds are run
   */
  static Totals run(ActionPlan.Floor floor, long from, int least, Duration time, int threads)
      throws InterruptedException, ExecutionException {
    long began = System.nanoTime();
    long steps = 0;
    long nanos = 0;
    int done = 0;
    Map<Event.WhatCase, Integer> events = new EnumMap<>(Event.WhatCase.class);
    Optional<Long> failure = Optional.empty();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      while (failure.isEmpty() && (done < least || System.nanoTime() - began < time.toNanos())) {
        int block = done;
        int size = done < least ? Math.min(threads * BLOCK, least - done) : threads * BLOCK;
        List<Future<Simulation.Outcome>> outcomes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
          long seed = from + block + i;
          outcomes.add(
              pool.submit(
                  () -> Simulation.run(ActionPlan.of(seed, floor), InjectedBug.NONE, false)));
        }
        for (int i = 0; i < size; i++) {
          Simulation.Outcome outcome = outcomes.get(i).get();
          steps += outcome.steps();
          nanos += outcome.nanos();
          done++;
          outcome.events().forEach((kind, count) -> events.merge(kind, count, Integer::sum));
          if (outcome.failure().isPresent() && failure.isEmpty()) {
            failure = Optional.of(from + block + i);
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
    return new Totals(
        done,
        steps,
        Duration.ofNanos(nanos),
        Duration.ofNanos(System.nanoTime() - began),
        threads,
        events,
        failure);
  }
}
