package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.begun;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HarmDoneTest {
  private static Story struck(String what) {
    return begun().under("kill").nemesis("kill", "start", "...").nemesis("kill", "struck", what);
  }

  private static Story healed(Story story) {
    return story.nemesis("kill", "stop", "healed");
  }

  static List<Case> harm() {
    Promise promise = new HarmDone();
    return List.of(
        kept(promise, "peace", begun()),
        kept(promise, "a strike", healed(struck("master0 killed"))),
        unknown(promise, "no strike", begun().under("kill"), "kill never struck"),
        unknown(promise, "nothing hit", healed(struck("")), "kill hit nothing"),
        unknown(promise, "a failure", healed(struck("failed: no iptables")), "failed: no iptables"),
        unknown(promise, "no end", struck("master0 killed"), "was not healed"),
        unknown(promise, "one of two", healed(struck("x")).under("loss"), "loss never struck"));
  }

  @ParameterizedTest
  @MethodSource("harm")
  @DisplayName("A run whose nemeses did nothing proves nothing")
  void shouldJudge(Case example) {
    example.check();
  }
}
