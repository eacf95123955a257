package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * I3. In the log an offer is over once: accepted, declined, rescinded or discarded. And of all
 * ACCEPTs that name an offer, the tasks of one at most ever ran; the same ACCEPT may be sent again.
 */
public final class OffersUsedOnce extends Promise {
  public OffersUsedOnce() {
    super("I3 an offer is used once");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    acceptedOnce(run, findings);
    Map<String, LoggedEvent> extended = new HashMap<>();
    Map<String, LoggedEvent> over = new HashMap<>();
    for (LoggedEvent event : run.log().events()) {
      String offer = event.text("offer_id");
      switch (event.kind()) {
        case "offer_extended" -> extended.put(offer, event);
        case "offer_accepted", "offer_declined", "offer_rescinded", "offer_discarded" -> {
          findings.judged(1);
          LoggedEvent before = over.putIfAbsent(offer, event);
          if (before != null) {
            findings.broken(offer + " was over twice", before, event);
          } else if (!extended.containsKey(offer)) {
            findings.missing("the beginning of " + offer + ", over at index " + event.index());
          }
        }
        default -> {}
      }
    }
    findings.whole(run.log());
  }

  private static void acceptedOnce(Evidence run, Findings findings) {
    Map<String, List<Call>> byOffer = new HashMap<>();
    Set<String> ran = new HashSet<>();
    run.diary().forEach(entry -> ran.add(entry.task()));
    for (Call call : run.history().calls("accept")) {
      Set<String> tasks = new HashSet<>();
      call.input().path("tasks").forEach(task -> tasks.add(task.asText()));
      if (tasks.stream().anyMatch(ran::contains)) {
        List<Call> others = byOffer.computeIfAbsent(call.key(), key -> new ArrayList<>());
        for (Call other : others) {
          if (!other.input().path("tasks").equals(call.input().path("tasks"))) {
            findings.broken(
                "tasks of two ACCEPTs of " + call.key() + " ran",
                new Op[] {other.invoke(), call.invoke()});
          }
        }
        others.add(call);
      }
    }
  }
}
