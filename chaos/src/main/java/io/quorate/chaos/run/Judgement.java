package io.quorate.chaos.run;

import io.quorate.chaos.check.Verdict;
import io.quorate.chaos.history.RunDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Lets every checker of the workload look at a run. */
final class Judgement {
  private Judgement() {}

  /** True if all verdicts are valid, and there is one. */
  static boolean of(RunDirectory run, Consumer<String> say) {
    List<Verdict> verdicts = new ArrayList<>();
    run.write("verdicts.json", verdicts);
    boolean valid =
        !verdicts.isEmpty()
            && verdicts.stream().allMatch(each -> each.status() == Verdict.Status.VALID);
    say.accept((valid ? "valid" : "NOT valid") + ": " + run.path().resolve("report.html"));
    return valid;
  }
}
