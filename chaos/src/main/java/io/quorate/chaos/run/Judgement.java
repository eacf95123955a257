package io.quorate.chaos.run;

import io.quorate.chaos.check.Checkers;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.report.Report;
import java.util.List;
import java.util.function.Consumer;

/** Lets every checker of the workload look at a run. */
final class Judgement {
  private Judgement() {}

  /** True if all verdicts are valid, and there is one. */
  static boolean of(RunDirectory run, String workload, Consumer<String> say) {
    List<Verdict> verdicts = Checkers.judge(run, workload);
    run.write("verdicts.json", verdicts);
    for (Verdict verdict : verdicts) {
      say.accept(
          String.format(
              "%-8s%s%s",
              verdict.status().name().toLowerCase(java.util.Locale.ROOT),
              verdict.checker(),
              verdict.explanation().isEmpty() ? "" : ": " + verdict.explanation()));
    }
    Report.write(run.path(), verdicts);
    boolean valid =
        !verdicts.isEmpty()
            && verdicts.stream().allMatch(verdict -> verdict.status() == Verdict.Status.VALID);
    say.accept((valid ? "valid" : "NOT valid") + ": " + run.path().resolve("report.html"));
    return valid;
  }
}
