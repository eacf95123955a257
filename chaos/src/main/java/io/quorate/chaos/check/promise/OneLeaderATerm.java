package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Sample;
import java.util.HashMap;
import java.util.Map;

/**
 * I9. In the samples no term is served by two masters, at whatever times. (A master serves a term
 * if two samples in a row say so: one that just got the lead may tell it with the term before.) In
 * the log every election has a greater term than the one before, so no term has two leaders'
 * entries. That agents refuse an older leader cannot be read from these files; what would follow
 * from it is I4's.
 */
public final class OneLeaderATerm extends Promise {
  public OneLeaderATerm() {
    super("I9 one acting leader a term");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<Long, Sample> serving = new HashMap<>();
    Map<String, Sample> previous = new HashMap<>();
    for (Sample each : run.samples()) {
      Sample last = previous.put(each.master(), each);
      if (serves(each) && last != null && serves(last) && last.term() == each.term()) {
        findings.judged(1);
        Sample before = serving.putIfAbsent(each.term(), each);
        if (before != null && !before.master().equals(each.master())) {
          findings.broken(
              before.master() + " and " + each.master() + " served in term " + each.term(),
              new Verdict.Window(before.time(), each.time()));
        }
      }
    }
    if (serving.isEmpty()) {
      findings.missing("a sample of a master that serves");
    }
    inTheLog(run, findings);
    findings.figure("terms_served", serving.size());
  }

  private static boolean serves(Sample sample) {
    return sample.answered() && sample.serving();
  }

  private static void inTheLog(Evidence run, Findings findings) {
    LoggedEvent last = null;
    for (LoggedEvent each : run.log().events()) {
      if (each.is("leader_elected")) {
        if (last != null
            && each.event().path("term").longValue() <= last.event().path("term").longValue()) {
          findings.broken("a term follows a later one in the log", last, each);
        }
        last = each;
      }
    }
    findings.whole(run.log());
  }
}
