package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Figures, not a promise: of every kind of call the rate of those that succeeded, their latencies,
 * and the longest time without a success, in all and after each strike. Where clients say when they
 * want something (event {@code wants}), time in which none does is not counted; what comes after
 * the last call and after healing is never.
 */
public final class Availability extends Promise {
  private static final int STRIKES_MAX = 200;

  private final String[] fs;

  public Availability(String... fs) {
    super("availability");
    this.fs = fs;
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    CallHistory history = run.history();
    Wanting wanting = new Wanting(history.events("wants"), history.end());
    for (String f : fs) {
      List<Call> calls = history.calls(f);
      List<Call> ok = calls.stream().filter(Call::ok).toList();
      if (calls.isEmpty()) {
        continue;
      }
      findings.judged(calls.size());
      long from = calls.get(0).called();
      long to = wanted(calls, history);
      long[] times = ok.stream().mapToLong(Call::returned).sorted().toArray();
      findings.figure(f + "_ok", ok.size());
      findings.figure(f + "_failed", calls.stream().filter(Call::failed).count());
      findings.figure(
          f + "_unknown", calls.stream().filter(call -> !call.ok() && !call.failed()).count());
      findings.figure(f + "_ok_per_second", to > from ? ok.size() / ((to - from) / 1e9) : 0.0);
      findings.figure(f + "_longest_gap_seconds", gap(times, from, to, wanting) / 1e9);
      latencies(f, ok, findings);
      int number = 0;
      for (CallHistory.Strike strike : history.strikes()) {
        if (++number <= STRIKES_MAX) {
          strike(f, number, strike, ok, times, to, wanting, findings);
        }
      }
    }
  }

  /** Until the last call, and at least until all was healed: what comes later is winding up. */
  private static long wanted(List<Call> calls, CallHistory history) {
    long last = calls.get(calls.size() - 1).called();
    for (Call call : calls) {
      last = call.ok() ? Math.max(last, call.returned()) : last;
    }
    return Math.max(last, history.healed().orElse(history.end()));
  }

  private static void latencies(String f, List<Call> ok, Findings findings) {
    long[] nanos =
        ok.stream().mapToLong(call -> call.returned() - call.called()).sorted().toArray();
    if (nanos.length > 0) {
      findings.figure(f + "_p50_millis", quantile(nanos, 0.5));
      findings.figure(f + "_p90_millis", quantile(nanos, 0.9));
      findings.figure(f + "_p99_millis", quantile(nanos, 0.99));
      findings.figure(f + "_max_millis", quantile(nanos, 1));
    }
  }

  /** The least latency that so large a part of the calls does not exceed. */
  private static double quantile(long[] sorted, double part) {
    return sorted[Math.max(0, (int) Math.ceil(part * sorted.length) - 1)] / 1e6;
  }

  private static void strike(
      String f,
      int number,
      CallHistory.Strike strike,
      List<Call> ok,
      long[] times,
      long end,
      Wanting wanting,
      Findings findings) {
    String name = String.format(Locale.ROOT, "strike_%03d_%s_%s", number, strike.f(), f);
    long to = Math.min(strike.to(), end);
    // The gap that a strike opens ends with the first success after it.
    long next = Arrays.stream(times).filter(time -> time >= to).findFirst().orElse(end);
    findings.figure(
        name + "_longest_gap_seconds",
        gap(times, strike.from(), Math.max(to, next), wanting) / 1e9);
    ok.stream()
        .filter(call -> call.called() >= strike.from())
        .mapToLong(Call::returned)
        .min()
        .ifPresent(
            first -> findings.figure(name + "_first_ok_seconds", (first - strike.from()) / 1e9));
  }

  /** The longest time without a success between two moments, nanoseconds. */
  private static long gap(long[] times, long from, long to, Wanting wanting) {
    long longest = 0;
    long last = from;
    for (long time : times) {
      if (time >= from && time <= to) {
        longest = Math.max(longest, wanting.between(last, time));
        last = time;
      }
    }
    return Math.max(longest, wanting.between(last, to));
  }

  /** When anybody wanted anything: always, if nobody ever said. */
  private static final class Wanting {
    // Beginnings and ends by turns.
    private final long[] turns;
    private final boolean always;

    Wanting(List<Op> wants, long end) {
      always = wants.isEmpty();
      Set<String> wanting = new HashSet<>();
      long[] all = new long[wants.size() + 1];
      int count = 0;
      for (Op want : wants) {
        boolean before = !wanting.isEmpty();
        if (NobodyStarves.wanted(want)) {
          wanting.add(want.process());
        } else {
          wanting.remove(want.process());
        }
        if (before == wanting.isEmpty()) {
          all[count++] = want.time();
        }
      }
      if (count % 2 == 1) {
        all[count++] = end;
      }
      turns = Arrays.copyOf(all, count);
    }

    long between(long from, long to) {
      if (always) {
        return to - from;
      }
      long sum = 0;
      for (int i = 0; i < turns.length; i += 2) {
        sum += Math.max(0, Math.min(to, turns[i + 1]) - Math.max(from, turns[i]));
      }
      return sum;
    }
  }
}
