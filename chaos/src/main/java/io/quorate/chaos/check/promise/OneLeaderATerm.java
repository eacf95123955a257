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
    for (Sample sample : run.samples()) {
      Sample last = previous.put(sample.master(), sample);
      if (serves(sample) && last != null && serves(last) && last.term() == sample.term()) {
        findings.judged(1);
        Sample before = serving.putIfAbsent(sample.term(), sample);
        if (before != null && !before.master().equals(sample.master())) {
          findings.broken(
              before.master() + " and " + sample.master() + " served in term " + sample.term(),
              new Verdict.Window(before.time(), sample.time()));
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
    for (LoggedEvent event : run.log().events()) {
      if (event.is("leader_elected")) {
        if (last != null
            && event.event().path("term").longValue() <= last.event().path("term").longValue()) {
          findings.broken("a term follows a later one in the log", last, event);
        }
        last = event;
      }
    }
    findings.whole(run.log());
  }
}
