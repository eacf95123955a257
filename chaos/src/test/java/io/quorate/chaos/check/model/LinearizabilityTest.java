package io.quorate.chaos.check.model;

import static io.quorate.chaos.check.verdict.Verdict.Status.INVALID;
import static io.quorate.chaos.check.verdict.Verdict.Status.UNKNOWN;
import static io.quorate.chaos.check.verdict.Verdict.Status.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.LongNode;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearizabilityTest {
  private static final int SMALL_HISTORIES = 4_000;

  static Stream<Model<?>> models() {
    return Stream.of(new Register(), new GrowingSet());
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("The search finds what trying every order finds, on small histories good and spoilt")
  void shouldAgreeWithBruteForce(Model<?> model) {
    int bad = 0;
    for (int seed = 0; seed < SMALL_HISTORIES; seed++) {
      RandomHistories random = new RandomHistories(seed, model);
      int size = 2 + new Random(seed).nextInt(6);
      List<ModelCall> good = random.linearizable(3, size, 4);
      assertThat(status(model, good)).describedAs("seed %s: %s", seed, good).isEqualTo(VALID);
      List<ModelCall> spoilt = random.spoilt(random.spoilt(good));
      boolean orderly = BruteForce.linearizable(model, spoilt);
      assertThat(status(model, spoilt))
          .describedAs("seed %s: %s", seed, spoilt)
          .isEqualTo(orderly ? VALID : INVALID);
      bad += orderly ? 0 : 1;
    }
    assertThat(bad).isBetween(SMALL_HISTORIES / 10, SMALL_HISTORIES * 9 / 10);
  }

  @ParameterizedTest
  @MethodSource("models")
  @DisplayName("What is left of a bad history is bad, and every operation of it is needed")
  void shouldShrinkToTheLeast(Model<?> model) {
    int seen = 0;
    for (int seed = 0; seed < 300; seed++) {
      RandomHistories random = new RandomHistories(seed, model);
      List<ModelCall> spoilt = random.spoilt(random.linearizable(4, 60, 10));
      if (status(model, spoilt) != INVALID) {
        continue;
      }
      seen++;
      List<ModelCall> small = HistoryShrinker.smallest(model, spoilt);
      assertThat(small.size()).isLessThanOrEqualTo(6);
      assertThat(BruteForce.linearizable(model, small)).describedAs("%s", small).isFalse();
      for (ModelCall modelCall : small) {
        model
            .without(small, modelCall)
            .ifPresent(
                less ->
                    assertThat(BruteForce.linearizable(model, less))
                        .describedAs("%s without %s", small, modelCall)
                        .isTrue());
      }
    }
    assertThat(seen).isGreaterThan(30);
  }

  @Test
  @DisplayName("10,000 operations of 10 processes on 10 registers take few steps, good or bad")
  void shouldBeFast() {
    Register model = new Register();
    for (int key = 0; key < 10; key++) {
      RandomHistories random = new RandomHistories(key, model);
      List<ModelCall> good = random.linearizable(10, 1000, 50);
      Linearizability.Result search =
          Linearizability.check(model, good, Linearizability.Budget.USUAL);
      assertThat(search.status()).isEqualTo(VALID);
      assertThat(search.steps()).isLessThan(400_000);
      List<ModelCall> bad = new ArrayList<>(good);
      int stale = 500;
      while (!bad.get(stale).f().equals("read") || bad.get(stale).open()) {
        stale++;
      }
      bad.set(stale, bad.get(stale).answering(LongNode.valueOf(1)));
      assertThat(status(model, bad)).isEqualTo(INVALID);
      if (key == 0) {
        assertThat(HistoryShrinker.smallest(model, bad).size()).isLessThanOrEqualTo(4);
      }
    }
  }

  @Test
  @DisplayName("A search that takes too long is unknown, not valid")
  void shouldGiveUp() {
    List<ModelCall> history = new RandomHistories(1, new Register()).linearizable(10, 200, 50);
    assertThat(
            Linearizability.check(new Register(), history, new Linearizability.Budget(100, 1 << 20))
                .status())
        .isEqualTo(UNKNOWN);
    assertThat(
            Linearizability.check(new Register(), history, new Linearizability.Budget(1 << 20, 100))
                .status())
        .isEqualTo(UNKNOWN);
  }

  private static <S> Verdict.Status status(Model<S> model, List<ModelCall> history) {
    return Linearizability.check(model, history, Linearizability.Budget.USUAL).status();
  }
}
