package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.ResourceAmounts;
import io.quorate.chaos.check.evidence.ResourceLedger;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import java.util.Map;
import java.util.TreeMap;

/**
 * I12. After every offer that the log extends, whose resources count against a limit of its
 * top-level role: what the role then holds, is offered and has reserved is within that limit. (A
 * limit may be set below what a role holds already, and an agent may come back with tasks: so it is
 * looked at where something is given.) Fairness has no rule at one index, only a figure: of the
 * frameworks that got offers, the least and the most. Who gets none for long is I13's.
 */
public final class QuotasHold extends Promise {
  public QuotasHold() {
    super("I12 no offer takes a role past its quota");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    if (!findings.whole(run.log())) {
      return;
    }
    ResourceLedger ledger = new ResourceLedger();
    Map<String, Long> offers = new TreeMap<>();
    long limited = 0;
    for (LoggedEvent event : run.log().events()) {
      ledger.apply(event);
      if (event.is("offer_extended")) {
        offers.merge(event.text("framework_id"), 1L, Long::sum);
        if (within(ledger, event, findings)) {
          findings.judged(1);
          limited++;
        }
      }
    }
    if (!ledger.unsure().isEmpty()) {
      findings.missing(ledger.unsure());
    }
    findings.figure("offers_to_limited_roles", limited);
    findings.figure(
        "offers_per_framework_least", offers.values().stream().min(Long::compare).orElse(0L));
    findings.figure(
        "offers_per_framework_most", offers.values().stream().max(Long::compare).orElse(0L));
  }

  private static boolean within(ResourceLedger ledger, LoggedEvent offer, Findings findings) {
    String role = offer.text("role");
    String top = role.contains("/") ? role.substring(0, role.indexOf('/')) : role;
    Map<String, Long> limits = ledger.limits(top);
    if (limits.isEmpty()) {
      return false;
    }
    Map<String, Long> consumed = ledger.consumed(top);
    ResourceAmounts.of(offer.event().path("resources"))
        .byName(ResourceAmounts.Kind::charged)
        .keySet()
        .forEach(
            name -> {
              long limit = limits.getOrDefault(name, Long.MAX_VALUE);
              if (consumed.getOrDefault(name, 0L) > limit) {
                findings.broken(
                    String.format(
                        "%s has %s %s of a limit of %s",
                        top, consumed.get(name) / 1e3, name, limit / 1e3),
                    offer);
              }
            });
    return true;
  }
}
