package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.begun;
import static io.quorate.chaos.check.promise.Story.healthy;
import static io.quorate.chaos.check.promise.Story.launched;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I7, kept, and broken in every way that its checker knows. */
class ReconciliationPromiseTest {
  static Stream<Case> cases() {
    return Stream.of(untrueAnswers(), answersOfAnIndex(), leftOutTasks(), trueAnswers())
        .flatMap(List::stream);
  }

  private static String status(String kind, String task, String state) {
    return "{'"
        + kind
        + "':{'framework_id':'F0','latest_state':'"
        + state
        + "','status':{'task_id':{'value':'"
        + task
        + "'},'state':'"
        + state
        + "'}}}";
  }

  private static List<Case> untrueAnswers() {
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
            "a task of another framework",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .log(launched("t2", 1).replace("F0", "F1"))
                .done("client0", "reconcile", "", "{'tasks':[]}")
                .log("{'tasks_reconciled':{'framework_id':'F0'}}")
                .answered("t1", "TASK_STAGING")
                .answered("t2", "TASK_STAGING")
                .wound(),
            "update t2"),
        broken(
            promise,
            "given up, and said to be staging",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .log(status("task_became_unreachable", "t1", "TASK_UNREACHABLE"))
                .reconciles("t1", "TASK_STAGING")
                .wound(),
            "[TASK_"),
        broken(
            promise,
            "a running task is acknowledged, and forgotten",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .reconciles("t1", "TASK_GONE")
                .wound(),
            "it was [TASK_RUNNING]"));
  }

  private static List<Case> answersOfAnIndex() {
    Promise promise = new ReconciliationIsTrue();
    return List.of(
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
            "the answer of another index than it names",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .reconciles("t1", "TASK_STAGING")
                .runs("t1")
                .reconciles("t1", "TASK_RUNNING")
                .answeredFrom(7, "t1", "TASK_RUNNING")
                .wound(),
            "could be answered so",
            "index 7 it was [TASK_STAGING]"),
        kept(
            promise,
            "the answer of the index that it names",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .reconciles("t1", "TASK_STAGING")
                .answeredFrom(7, "t1", "TASK_STAGING")
                .wound()),
        broken(
            promise,
            "an answer from before an offer that it had",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .reconciles("t1", "TASK_STAGING")
                .offered("O2")
                .answered("t1", "TASK_STAGING")
                .wound(),
            "from index 8 on"));
  }

  private static List<Case> leftOutTasks() {
    Promise promise = new ReconciliationIsTrue();
    return List.of(
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
            "no answer while a strike was on",
            healthy()
                .done("client0", "reconcile", "", "{'tasks':['t1']}")
                .nemesis("kill", "start", "master0")
                .nemesis("kill", "stop", "")
                .passing(40)
                .healed()),
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

  private static List<Case> trueAnswers() {
    Promise promise = new ReconciliationIsTrue();
    return List.of(
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
            "given up, and lost by a master's word",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .log(status("task_became_unreachable", "t1", "TASK_UNREACHABLE"))
                .reconciles("t1", "TASK_UNREACHABLE")
                .log(status("task_recovered", "t1", "TASK_RUNNING"))
                .reconciles("t1", "TASK_STAGING")
                .log(status("task_status_updated", "t1", "TASK_LOST"))
                .reconciles("t1", "TASK_UNKNOWN")
                .wound()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
