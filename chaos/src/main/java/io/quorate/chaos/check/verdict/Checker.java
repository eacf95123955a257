package io.quorate.chaos.check.verdict;

import io.quorate.chaos.history.RunDirectory;

/** One promise, or one figure. Pure: the same files give the same verdict. */
public interface Checker {
  /** As the report and the documents name it. */
  String name();

  Verdict check(RunDirectory run);
}
