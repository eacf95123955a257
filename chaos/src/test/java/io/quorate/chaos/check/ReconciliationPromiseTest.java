package io.quorate.chaos.check;

import static io.quorate.chaos.check.Case.broken;
import static io.quorate.chaos.check.Case.kept;
import static io.quorate.chaos.check.Case.unknown;
import static io.quorate.chaos.check.Story.begun;
import static io.quorate.chaos.check.Story.healthy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I7, kept, and broken in every way that its checker knows. */
class ReconciliationPromiseTest {
  static Stream<Case> cases() {
    return Stream.of(reconciliation()).flatMap(List::stream);
  }

  private static List<Case> reconciliation() {
    Promise promise = new ReconciliationIsTrue();
    return List.of(
        broken(
            promise,
            "a state that it never had",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .reconciles("t1", "TASK_FAILED")
                .wound(),
            "could be answered so",
            "TASK_FAILED",
            "it was [TASK_RUNNING]"),
        broken(
            promise,
            "a state from before what the client knew",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .reconciles("t1", "TASK_STAGING")
                .runs("t1")
                .reconciles("t1", "TASK_STAGING")
                .wound(),
            "could be answered so",
            "TASK_STAGING"),
        broken(
            promise,
            "a task that runs is said to be unknown",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .reconciles("t1", "TASK_UNKNOWN")
                .wound(),
            "TASK_UNKNOWN"),
        broken(
            promise,
            "a task that was asked for is left out",
            healthy().done("client0", "reconcile", "", "{'tasks':['t1']}").passing(40).healed(),
            "t1 was not answered",
            "reconcile"),
        broken(
            promise,
            "a running task is left out of all",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .done("client0", "reconcile", "", "{'tasks':[]}")
                .passing(40)
                .wound(),
            "t1 was not answered"),
        kept(
            promise,
            "staging, running, over",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .reconciles("t1", "TASK_STAGING")
                .runs("t1")
                .reconciles("t1", "TASK_RUNNING")
                .finishes("t1")
                .reconciles("t1", "TASK_GONE")
                .wound()),
        kept(
            promise,
            "no answer on a stream that broke",
            healthy()
                .done("client0", "reconcile", "", "{'tasks':['t1']}")
                .event("client0", "disconnected", "", "null")
                .passing(40)
                .healed()),
        unknown(promise, "no RECONCILE", begun().lives("O1", "t1").wound(), "nothing happened"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case each) {
    each.check();
  }
}
