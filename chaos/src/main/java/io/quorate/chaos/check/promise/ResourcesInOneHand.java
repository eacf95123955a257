package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.ResourceLedger;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * I2. After every entry of the log, of every kind of resource of every agent that a change touched:
 * what tasks and executors hold and what is on offer is within what the agent has, ports and items
 * one by one; and what it has, reserved or not, is within what it reported. An agent that comes
 * back with less than is in use may hold more until that ends, but nothing of it is offered.
 */
public final class ResourcesInOneHand extends Promise {
  public ResourcesInOneHand() {
    super("I2 allocated, offered and reserved are within the total at every index");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    if (!findings.whole(run.log())) {
      return;
    }
    ResourceLedger ledger = new ResourceLedger();
    Map<String, LoggedEvent> touched = new TreeMap<>();
    Set<String> shrunk = new HashSet<>();
    long index = 0;
    for (LoggedEvent logged : run.log().events()) {
      if (logged.index() != index) {
        touched.forEach((agent, event) -> holds(ledger, agent, shrunk, event, findings));
        touched.clear();
        index = logged.index();
      }
      ledger.apply(logged);
      touch(logged, ledger, touched, shrunk);
    }
    touched.forEach((agent, event) -> holds(ledger, agent, shrunk, event, findings));
    if (!ledger.unsure().isEmpty()) {
      findings.missing(ledger.unsure());
    }
  }

  private static void touch(
      LoggedEvent event,
      ResourceLedger ledger,
      Map<String, LoggedEvent> touched,
      Set<String> shrunk) {
    switch (event.kind()) {
      case "offer_extended", "operation_begun", "agent_registered" ->
          touched.put(event.text("agent_id"), event);
      case "task_launched" ->
          touched.put(
              event.event().path("task_info").path("agent_id").path("value").asText(), event);
      case "task_group_launched" ->
          touched.put(
              event
                  .event()
                  .path("task_group")
                  .path("tasks")
                  .path(0)
                  .path("agent_id")
                  .path("value")
                  .asText(),
              event);
      case "agent_reconnected" -> {
        String agent = event.text("agent_id");
        touched.put(agent, event);
        if (ledger.taken(agent).beyond(ledger.agents().get(agent).total).isPresent()) {
          shrunk.add(agent);
        }
      }
      default -> {}
    }
  }

  private static void holds(
      ResourceLedger ledger,
      String agent,
      Set<String> shrunk,
      LoggedEvent event,
      Findings findings) {
    ResourceLedger.Agent has = ledger.agents().get(agent);
    if (has == null) {
      return;
    }
    findings.judged(1);
    Optional<String> beyond = ledger.taken(agent).beyond(has.total);
    if (beyond.isEmpty()) {
      shrunk.remove(agent);
    } else if (!shrunk.contains(agent) || event.is("offer_extended")) {
      findings.broken(
          "in use and on offer on " + agent + " is more than it has: " + beyond.get(), event);
    }
    Map<String, Long> reported = has.reported.byName(any -> true);
    has.total
        .byName(any -> true)
        .forEach(
            (name, millis) -> {
              if (millis > reported.getOrDefault(name, 0L)) {
                findings.broken(
                    agent + " has more " + name + " than it reported: " + millis / 1e3, event);
              }
            });
  }
}
