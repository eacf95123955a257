package io.quorate.chaos.check.verdict;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.history.RunDirectory;

/** A checker of what a run left behind. */
public abstract class Promise implements Checker {
  private final String name;

  public Promise(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final Verdict check(RunDirectory run) {
    try {
      return check(Evidence.of(run));
    } catch (RuntimeException e) {
      return unreadable(e);
    }
  }

  /** What it cannot read it cannot judge. */
  public final Verdict check(Evidence run) {
    Findings findings = new Findings();
    try {
      judge(run, findings);
    } catch (RuntimeException e) {
      return unreadable(e);
    }
    return findings.verdict(name);
  }

  private Verdict unreadable(RuntimeException e) {
    return Verdict.unknown(name, "the run's files cannot be read: " + e);
  }

  protected abstract void judge(Evidence run, Findings findings);
}
