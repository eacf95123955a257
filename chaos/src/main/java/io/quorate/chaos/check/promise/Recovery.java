package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.List;
import java.util.Optional;

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
      List<Call> done =
          run.history().calls(PROGRESS).stream()
              .filter(each -> each.process().equals(client) && each.ok())
              .toList();
      Optional<Call> next =
          done.stream()
              .filter(each -> each.called() >= healed && each.returned() <= until)
              .findFirst();
      if (!done.isEmpty() && next.isPresent()) {
        longest = Math.max(longest, (next.get().returned() - healed) / 1e9);
      }
      recovered(client, !done.isEmpty(), next.isPresent(), healed, until, run, findings);
      serves(client, healed, until, run, findings);
    }
    findings.figure("recovery_seconds_longest", longest);
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

  private static void serves(
      String client, long healed, long until, Evidence run, Findings findings) {
    List<Op> instances =
        run.history().eventsOf(client).stream()
            .filter(each -> each.f().equals("instances"))
            .toList();
    if (instances.isEmpty()) {
      return;
    }
    findings.judged(1);
    Op last = null;
    for (Op instance : instances) {
      last = instance.time() <= until ? instance : last;
      if (instance.time() >= healed && instance.time() <= until && enough(instance)) {
        return;
      }
    }
    if (last != null && enough(last)) {
      return;
    }
    if (run.history().end() >= until) {
      findings.broken(
          client + " has not its number of instances again",
          last == null ? instances.get(0) : last);
    } else {
      findings.missing("whether " + client + " gets its instances: the run ended too soon");
    }
  }

  private static boolean enough(Op instances) {
    return instances.value().path("running").longValue()
        >= instances.value().path("wanted").longValue();
  }
}
