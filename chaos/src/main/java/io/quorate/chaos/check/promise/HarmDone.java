package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import java.util.List;

/**
 * Not a promise of the product but of the run: each nemesis that was asked for struck at least
 * once, every strike hit something, and all were healed. Otherwise the other verdicts are about
 * less than they seem to be.
 */
public final class HarmDone extends Promise {
  public HarmDone() {
    super("the harm was done, and undone");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    if (run.nemeses().isEmpty()) {
      findings.missing("which nemeses were asked for (nemeses of run.json)");
      return;
    }
    // Peace is judged, too: nobody was to strike.
    findings.judged(1);
    for (String nemesis : run.nemeses().get()) {
      List<CallHistory.Strike> strikes =
          run.history().strikes().stream().filter(strike -> strike.f().equals(nemesis)).toList();
      if (strikes.isEmpty()) {
        findings.missing(nemesis + " never struck");
      }
      for (CallHistory.Strike strike : strikes) {
        if (strike.what().isBlank() || strike.what().equals("...")) {
          findings.missing(nemesis + " hit nothing");
        } else if (strike.what().startsWith("failed:")) {
          findings.missing(nemesis + " " + strike.what());
        } else if (strike.to() == Long.MAX_VALUE) {
          findings.missing(nemesis + " (" + strike.what() + ") was not healed");
        }
      }
      findings.judged(strikes.size());
    }
  }
}
