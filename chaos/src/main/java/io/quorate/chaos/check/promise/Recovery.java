package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * I14. Every client that ever got something done gets the next thing done within {@code
 * recovery_seconds_max} (usually 30) after all harm was undone; a service has its number again by
 * then, and no daemon ended by itself at any time.
 */
public final class Recovery extends Promise {
  static final double SECONDS_MAX = 30;

  private static final String[] PROGRESS = {
    "launch", "write", "add", "reserve", "unreserve", "create", "destroy"
  };

  public Recovery() {
    super("I14 recovery in time after healing, and no process exits by itself");
  }

  /**
   * The clients that got something done before, or have a number of instances to keep, and have it
   * not again between these two moments, in nanoseconds of the run.
   */
  public static Set<String> waiting(CallHistory history, long healed, long until) {
    Set<String> waiting = new TreeSet<>();
    for (String client : history.clients()) {
      List<Call> done = done(history, client);
      boolean works = !done.isEmpty();
      if ((works && next(done, healed, until).isEmpty())
          || !serves(instances(history, client), healed, until)) {
        waiting.add(client);
      }
    }
    return waiting;
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    nobodyExited(run, findings);
    if (run.history().healed().isEmpty()) {
      findings.missing("the moment at which all was healed");
      return;
    }
    long healed = run.history().healed().get();
    double bound = run.option("recovery_seconds_max", SECONDS_MAX);
    long until = healed + (long) (bound * 1e9);
    double longest = 0;
    for (String client : run.history().clients()) {
      List<Call> done = done(run.history(), client);
      Optional<Call> next = next(done, healed, until);
      if (next.isPresent()) {
        longest = Math.max(longest, (next.get().returned() - healed) / 1e9);
      }
      recovered(client, !done.isEmpty(), next.isPresent(), healed, until, run, findings);
      serves(client, healed, until, run, findings);
    }
    findings.figure("recovery_seconds_longest", longest);
  }

  private static List<Call> done(CallHistory history, String client) {
    return history.calls(PROGRESS).stream()
        .filter(call -> call.process().equals(client) && call.ok())
        .toList();
  }

  private static Optional<Call> next(List<Call> done, long healed, long until) {
    return done.stream()
        .filter(call -> call.called() >= healed && call.returned() <= until)
        .findFirst();
  }

  private static void nobodyExited(Evidence run, Findings findings) {
    JsonNode exited = run.end().path("exited");
    if (!exited.isArray()) {
      findings.missing("which daemons ended by themselves (exited of end.json)");
    }
    for (JsonNode node : exited) {
      long time = node.path("time").longValue();
      findings.broken("a daemon ended by itself: " + node, new Verdict.Window(time, time));
    }
  }

  private static void recovered(
      String client,
      boolean works,
      boolean recovered,
      long healed,
      long until,
      Evidence run,
      Findings findings) {
    if (!works) {
      return;
    }
    findings.judged(1);
    if (!recovered && run.history().end() >= until) {
      findings.broken(
          client + " got nothing done within " + (until - healed) / 1e9 + " s after healing",
          new Verdict.Window(healed, until));
    } else if (!recovered) {
      findings.missing("whether " + client + " recovers: the run ended too soon after healing");
    }
  }

  private static List<Op> instances(CallHistory history, String client) {
    return history.eventsOf(client).stream()
        .filter(event -> event.f().equals("instances"))
        .toList();
  }

  /** Whether a service had its number at some time, or had it before and nothing has changed. */
  private static boolean serves(List<Op> instances, long healed, long until) {
    List<Op> known = instances.stream().filter(event -> event.time() <= until).toList();
    return instances.isEmpty()
        || known.stream().anyMatch(event -> event.time() >= healed && enough(event))
        || (!known.isEmpty() && enough(known.get(known.size() - 1)));
  }

  private static void serves(
      String client, long healed, long until, Evidence run, Findings findings) {
    List<Op> instances = instances(run.history(), client);
    if (instances.isEmpty()) {
      return;
    }
    findings.judged(1);
    if (serves(instances, healed, until)) {
      return;
    }
    if (run.history().end() >= until) {
      findings.broken(client + " has not its number of instances again", instances.get(0));
    } else {
      findings.missing("whether " + client + " gets its instances: the run ended too soon");
    }
  }

  private static boolean enough(Op instances) {
    return instances.value().path("running").longValue()
        >= instances.value().path("wanted").longValue();
  }
}
