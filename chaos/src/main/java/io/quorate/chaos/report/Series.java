package io.quorate.chaos.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often one kind of operation ended how, and how long it took, in steps of equal width. A rate
 * counts an operation where it completed, a quantile where it was invoked, as is usual for such
 * plots. Exact: made from every operation, also where only some are drawn.
 *
 * @param f the kind
 * @param stepNanos the width of a step; step i begins at i times it
 * @param perSecond by outcome, operations a second in each step
 * @param quantiles by percent (50, 95, 99), nanoseconds of those that were ok; NaN in a step
 *     without any
 * @param counts by outcome, over the whole run
 * @param overall by percent (50, 95, 99, 100), nanoseconds of those that were ok; empty if none was
 */
record Series(
    String f,
    long stepNanos,
    Map<OperationOutcome, double[]> perSecond,
    Map<Integer, double[]> quantiles,
    Map<OperationOutcome, Integer> counts,
    Map<Integer, Long> overall) {
  static final List<Integer> PERCENTS = List.of(50, 95, 99);
  private static final int STEPS_MAX = 150;
  private static final long[] NICE_MILLIS = {100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000};

  static Series of(Run run, String f) {
    List<RunOperation> own =
        run.operations().stream().filter(operation -> operation.f().equals(f)).toList();
    long step = step(run.lengthNanos());
    int steps = (int) (run.lengthNanos() / step) + 1;
    Map<OperationOutcome, double[]> rates = new TreeMap<>();
    Map<OperationOutcome, Integer> counts = new TreeMap<>();
    for (OperationOutcome outcome : OperationOutcome.values()) {
      double[] perSecond = new double[steps];
      rates.put(outcome, perSecond);
      counts.put(outcome, 0);
    }
    List<List<Long>> latencies = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      latencies.add(new ArrayList<>());
    }
    for (RunOperation runOperation : own) {
      counts.merge(runOperation.outcome(), 1, Integer::sum);
      if (runOperation.completed()) {
        rates.get(runOperation.outcome())[(int) (runOperation.end() / step)] += 1e9 / step;
      }
      if (runOperation.outcome() == OperationOutcome.OK) {
        latencies.get((int) (runOperation.start() / step)).add(runOperation.latency());
      }
    }
    return new Series(f, step, rates, quantiles(latencies), counts, overall(latencies));
  }

  /** The middle of step i, in nanoseconds: where a point that stands for it is drawn. */
  long middle(int i) {
    return i * stepNanos + stepNanos / 2;
  }

  private static Map<Integer, double[]> quantiles(List<List<Long>> latencies) {
    Map<Integer, double[]> all = new TreeMap<>();
    PERCENTS.forEach(percent -> all.put(percent, new double[latencies.size()]));
    for (int i = 0; i < latencies.size(); i++) {
      long[] sorted = sorted(latencies.get(i));
      for (int percent : PERCENTS) {
        all.get(percent)[i] = sorted.length == 0 ? Double.NaN : quantile(sorted, percent);
      }
    }
    return all;
  }

  private static Map<Integer, Long> overall(List<List<Long>> latencies) {
    long[] sorted = sorted(latencies.stream().flatMap(List::stream).toList());
    Map<Integer, Long> all = new TreeMap<>();
    if (sorted.length > 0) {
      PERCENTS.forEach(percent -> all.put(percent, quantile(sorted, percent)));
      all.put(100, quantile(sorted, 100));
    }
    return all;
  }

  private static long[] sorted(List<Long> values) {
    long[] all = values.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(all);
    return all;
  }

  /** The nearest rank: a latency that was measured, never one between two. */
  static long quantile(long[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(rank, 1) - 1];
  }

  private static long step(long lengthNanos) {
    for (long millis : NICE_MILLIS) {
      if (lengthNanos / (millis * 1_000_000) < STEPS_MAX) {
        return millis * 1_000_000;
      }
    }
    long minutes = lengthNanos / (60_000_000_000L * STEPS_MAX) + 1;
    return minutes * 60_000_000_000L;
  }
}
