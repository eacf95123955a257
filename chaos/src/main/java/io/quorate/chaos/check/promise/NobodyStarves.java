package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.OpText;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.List;

/**
 * I13. While nothing is being done to the cluster, no client that wants offers (event {@code
 * wants}, until one with the value false; always, if it never says) and is subscribed waits longer
 * than {@code starvation_seconds_max} (usually 30) for the next while another client is offered
 * something. A wait begins anew when a strike ends, and is over with the client's {@code teardown}.
 */
public final class NobodyStarves extends Promise {
  static final double SECONDS_MAX = 30;

  private record Wait(long from, long to) {
    double seconds() {
      return (to - from) / 1e9;
    }
  }

  public NobodyStarves() {
    super("I13 nobody starves");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    double bound = run.option("starvation_seconds_max", SECONDS_MAX);
    double longest = 0;
    List<Op> offers = run.history().events("offer");
    for (String client : run.history().clients()) {
      for (Wait wait : waits(run.history(), client)) {
        findings.judged(1);
        if (wait.seconds() <= longest && wait.seconds() <= bound) {
          continue;
        }
        List<Op> others =
            offers.stream()
                .filter(offer -> offer.time() > wait.from && offer.time() < wait.to)
                .filter(offer -> !offer.process().equals(client))
                .toList();
        longest = others.isEmpty() ? longest : Math.max(longest, wait.seconds());
        if (!others.isEmpty() && wait.seconds() > bound) {
          findings.broken(
              client
                  + " waited for an offer for "
                  + wait.seconds()
                  + " s, and others had "
                  + others.size()
                  + ", the first of them\n"
                  + OpText.of(others.get(0)),
              new Verdict.Window(wait.from, wait.to));
        }
      }
    }
    findings.figure("longest_wait_seconds", longest);
  }

  /** From an offer to the next, cut where the client does not want or cannot have one. */
  private static List<Wait> waits(CallHistory history, String client) {
    List<Wait> waits = new ArrayList<>();
    List<Op> events = history.eventsOf(client);
    boolean wants = events.stream().noneMatch(event -> event.f().equals("wants"));
    boolean subscribed = false;
    long since = 0;
    long end =
        history.calls("teardown").stream()
            .filter(call -> call.process().equals(client))
            .mapToLong(Call::called)
            .findFirst()
            .orElse(history.end());
    for (Op event : events) {
      boolean waiting = wants && subscribed;
      switch (event.f()) {
        case "wants" -> wants = wanted(event);
        case "subscribed" -> subscribed = true;
        case "disconnected" -> subscribed = false;
        case "offer" -> {}
        default -> {
          continue;
        }
      }
      boolean goesOn = event.f().equals("wants") && wants && waiting;
      if (waiting && !goesOn) {
        waits.addAll(quiet(history, new Wait(since, event.time())));
      }
      since = goesOn ? since : event.time();
    }
    if (wants && subscribed) {
      waits.addAll(quiet(history, new Wait(since, end)));
    }
    return waits;
  }

  static boolean wanted(Op wants) {
    return wants.value().path("wants").asBoolean(wants.value().asBoolean(true));
  }

  /** What is left of a wait between the strikes. */
  private static List<Wait> quiet(CallHistory history, Wait wait) {
    List<Wait> quiet = List.of(wait);
    for (CallHistory.Strike strike : history.strikes()) {
      List<Wait> left = new ArrayList<>();
      for (Wait stretch : quiet) {
        left.add(new Wait(stretch.from, Math.min(stretch.to, strike.from())));
        left.add(new Wait(Math.max(stretch.from, strike.to()), stretch.to));
      }
      quiet = left.stream().filter(stretch -> stretch.from < stretch.to).toList();
    }
    return quiet;
  }
}
