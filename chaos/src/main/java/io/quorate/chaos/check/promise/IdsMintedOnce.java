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
    for (Op op : run.history().events("offer")) {
      frameworks.computeIfAbsent(op.process(), run.history()::frameworkOf);
      findings.judged(1);
      Op before = offers.putIfAbsent(op.key(), op);
      if (before != null
          && !(frameworks.get(before.process()).equals(frameworks.get(op.process()))
              && before.value().path("agent").equals(op.value().path("agent")))) {
        findings.broken("two offers have one id", before, op);
      }
    }
    Map<String, LoggedEvent> minted = new HashMap<>();
    Set<String> over = new HashSet<>();
    for (LoggedEvent event : run.log().events()) {
      switch (event.kind()) {
        case "offer_extended", "inverse_offer_extended" ->
            mint("offer " + event.text("offer_id"), event, minted, findings);
        case "agent_registered" -> mint("agent " + event.text("agent_id"), event, minted, findings);
        case "task_launched" ->
            mint(
                "task "
                    + ResourceLedger.key(
                        event.text("framework_id"),
                        event.event().path("task_info").path("task_id").path("value").asText()),
                event,
                minted,
                findings);
        case "framework_removed" -> over.add(event.text("framework_id"));
        case "framework_subscribed" -> {
          findings.judged(1);
          if (over.contains(event.text("framework_id"))) {
            findings.broken("a framework that is over came back under its id", event);
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
