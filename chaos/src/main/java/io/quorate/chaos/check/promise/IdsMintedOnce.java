package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.ResourceLedger;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * I6. In the log each offer, agent and task begins once, and a framework that is over does not come
 * back under its id. Clients are told of an offer as one offer: to one framework, on one agent.
 * (Uuids of updates are I5's.)
 */
public final class IdsMintedOnce extends Promise {
  public IdsMintedOnce() {
    super("I6 ids are never used again");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<String, Op> offers = new HashMap<>();
    Map<String, String> frameworks = new HashMap<>();
    for (Op each : run.history().events("offer")) {
      frameworks.computeIfAbsent(each.process(), run.history()::frameworkOf);
      findings.judged(1);
      Op before = offers.putIfAbsent(each.key(), each);
      if (before != null
          && !(frameworks.get(before.process()).equals(frameworks.get(each.process()))
              && before.value().path("agent").equals(each.value().path("agent")))) {
        findings.broken("two offers have one id", before, each);
      }
    }
    Map<String, LoggedEvent> minted = new HashMap<>();
    Set<String> over = new HashSet<>();
    for (LoggedEvent each : run.log().events()) {
      switch (each.kind()) {
        case "offer_extended", "inverse_offer_extended" ->
            mint("offer " + each.text("offer_id"), each, minted, findings);
        case "agent_registered" -> mint("agent " + each.text("agent_id"), each, minted, findings);
        case "task_launched" ->
            mint(
                "task "
                    + ResourceLedger.key(
                        each.text("framework_id"),
                        each.event().path("task_info").path("task_id").path("value").asText()),
                each,
                minted,
                findings);
        case "framework_removed" -> over.add(each.text("framework_id"));
        case "framework_subscribed" -> {
          findings.judged(1);
          if (over.contains(each.text("framework_id"))) {
            findings.broken("a framework that is over came back under its id", each);
          }
        }
        default -> {}
      }
    }
    findings.whole(run.log());
  }

  private static void mint(
      String id, LoggedEvent event, Map<String, LoggedEvent> minted, Findings findings) {
    findings.judged(1);
    LoggedEvent before = minted.putIfAbsent(id, event);
    if (before != null) {
      findings.broken(id + " began twice", before, event);
    }
  }
}
