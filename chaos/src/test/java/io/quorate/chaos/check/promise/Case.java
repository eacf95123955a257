package io.quorate.chaos.check.promise;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;

/** A promise, a run, and the verdict; the explanation has all these words. */
public record Case(Promise promise, String given, Story run, Verdict.Status then, String... words) {
  static Case broken(Promise promise, String given, Story run, String... words) {
    return new Case(promise, given, run, Verdict.Status.INVALID, words);
  }

  static Case kept(Promise promise, String given, Story run) {
    return new Case(promise, given, run, Verdict.Status.VALID);
  }

  static Case unknown(Promise promise, String given, Story run, String... words) {
    return new Case(promise, given, run, Verdict.Status.UNKNOWN, words);
  }

  public void check() {
    Verdict verdict = promise.check(run.evidence());
    assertThat(verdict.status()).describedAs(verdict.explanation()).isEqualTo(then);
    for (String word : words) {
      assertThat(verdict.explanation()).contains(word);
    }
    assertThat(verdict.checker()).isEqualTo(promise.name());
  }

  @Override
  public String toString() {
    return promise.name().split(" ", 2)[0] + ": " + given;
  }
}
