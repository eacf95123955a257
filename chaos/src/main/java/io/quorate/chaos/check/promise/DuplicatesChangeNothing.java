package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.CommittedLog;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I15. In the log: of equal ACCEPTs of one framework one at most changes anything; no update is
 * taken in twice, none is acknowledged twice. And no client is told that a task was never started
 * which ran. The figure {@code duplicates} says how often it was put to the test.
 */
public final class DuplicatesChangeNothing extends Promise {
  /** A refusal may be told again. */
  private static final Set<String> EFFECTS =
      Set.of("offer_accepted", "task_launched", "task_group_launched", "operation_begun");

  public DuplicatesChangeNothing() {
    super("I15 duplicates change nothing");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    long duplicates = accepts(run.log(), findings);
    duplicates +=
        run.log().events().stream().filter(event -> event.is("task_status_repeated")).count();
    findings.figure("duplicates", duplicates);
    once("task_status_updated", "an update was taken in twice", run.log(), findings);
    once("task_status_acknowledged", "an update was acknowledged twice", run.log(), findings);
    for (Op op : run.history().events("update")) {
      boolean never =
          UpdateOp.state(op).equals("TASK_DROPPED") || UpdateOp.state(op).equals("TASK_ERROR");
      if (never && UpdateOp.source(op).equals("SOURCE_MASTER") && run.ran(op.key())) {
        findings.broken(op.key() + " ran, and is said never to have started", op);
      }
    }
    findings.whole(run.log());
  }

  private static long accepts(CommittedLog log, Findings findings) {
    Set<Integer> effects = new HashSet<>();
    log.events().stream()
        .filter(event -> EFFECTS.contains(event.kind()))
        .forEach(event -> effects.add(event.record()));
    Map<String, CommittedLog.Asked> effective = new HashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    for (CommittedLog.Asked asked : log.calls()) {
      JsonNode call = asked.call().path("scheduler").path("call");
      if (!call.path("type").asText().equals("ACCEPT")) {
        continue;
      }
      String text = call.path("framework_id").path("value").asText() + call.path("accept");
      seen.merge(text, 1, Integer::sum);
      if (effects.contains(asked.record())) {
        findings.judged(1);
        CommittedLog.Asked before = effective.putIfAbsent(text, asked);
        if (before != null) {
          findings.broken(
              "one ACCEPT had effects at index "
                  + before.index()
                  + " and "
                  + asked.index()
                  + "\n"
                  + call.path("accept").path("offer_ids"),
              (Verdict.Window) null);
        }
      }
    }
    return seen.values().stream().mapToLong(times -> times - 1).sum();
  }

  private static void once(String kind, String broken, CommittedLog log, Findings findings) {
    Map<String, LoggedEvent> before = new HashMap<>();
    for (LoggedEvent event : log.events()) {
      String uuid = event.is("task_status_updated") ? event.uuid() : event.acknowledged();
      if (event.is(kind) && !uuid.isEmpty()) {
        findings.judged(1);
        LoggedEvent first = before.putIfAbsent(uuid, event);
        if (first != null) {
          findings.broken(broken, first, event);
        }
      }
    }
  }
}
