package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.begun;
import static io.quorate.chaos.check.promise.Story.healthy;
import static io.quorate.chaos.check.promise.Story.updated;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I1, I4, I5 and I10: each kept, and broken in every way that its checker knows. */
class TaskPromisesTest {
  static Stream<Case> cases() {
    return Stream.of(
            lostLaunches(),
            accountedLaunches(),
            launchesUnseen(),
            tasks(),
            mistakenUuids(),
            updatesOutOfOrder(),
            unseenUpdates(),
            masters())
        .flatMap(List::stream);
  }

  /** At one moment. */
  private static String said(String uuid) {
    return "{'state':'TASK_RUNNING','uuid':'"
        + uuid
        + "','source':'SOURCE_EXECUTOR','timestamp':1.5}";
  }

  private static List<Case> lostLaunches() {
    Promise promise = new AcknowledgedLaunches();
    return List.of(
        broken(
            promise,
            "neither run nor update",
            begun().offered("O1").launch("O1", "t1").wound(),
            "t1 neither ran nor ended",
            "invoke #2 launch t1"),
        broken(
            promise,
            "answered and not in the log",
            begun().offered("O1").done("client0", "launch", "t1", "{}").runs("t1").wound(),
            "not in the log",
            "ok #1 launch t1"),
        broken(
            promise,
            "it ran, is gone, and nobody was told",
            begun().offered("O1").launch("O1", "t1").runs("t1").wound(),
            "t1 ran, is gone",
            "t1-running"),
        broken(
            promise,
            "two ends",
            begun().lives("O1", "t1").update("t1", "TASK_LOST", "another").wound(),
            "t1 ended in several ways",
            "TASK_FINISHED",
            "TASK_LOST"),
        broken(
            promise,
            "over by its diary, and not told for long, though its framework goes later",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .diary("agent0", "t1", "end")
                .wound()
                .log("{'framework_removed':{'framework_id':'F0'}}"),
            "t1 ran, is gone"));
  }

  private static List<Case> accountedLaunches() {
    Promise promise = new AcknowledgedLaunches();
    return List.of(
        kept(
            promise,
            "it runs still",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .wound()
                .with("processes", "{'agent0':[{'pid':1,'task':'t1'}]}")),
        kept(
            promise,
            "its framework was removed",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .wound()
                .log("{'framework_removed':{'framework_id':'F0'}}")),
        kept(
            promise,
            "a refused launch has one end",
            begun()
                .invoke("client0", "launch", "t1", "{}")
                .log("{'task_refused':{'framework_id':'F0','status':{'task_id':{'value':'t1'}}}}")
                .ok("client0", "launch", "t1", "null")
                .told("t1", "TASK_DROPPED", "")
                .wound()),
        kept(
            promise,
            "an answer to RECONCILE is no second end",
            begun().lives("O1", "t1").reconciles("t1", "TASK_GONE").wound()));
  }

  private static List<Case> launchesUnseen() {
    Promise promise = new AcknowledgedLaunches();
    Story unheard = begun().offered("O1").launch("O1", "t1");
    return List.of(
        unknown(promise, "no launch was answered", begun().ended(), "nothing happened"),
        unknown(
            promise,
            "too soon to say",
            begun().lives("O1", "t1").offered("O2").launch("O2", "t2").ended(),
            "what became of t2"),
        unknown(
            promise, "not healed", begun().lives("O1", "t1").end("{'processes':{}}"), "not healed"),
        unknown(promise, "no end.json", unheard.healed().passing(40), "end.json"),
        unknown(promise, "a hole in the log", healthy().hole().log("{}"), "log.jsonl"));
  }

  private static List<Case> tasks() {
    Promise promise = new TasksRunOnce();
    return List.of(
        broken(
            promise,
            "two places",
            begun().lives("O1", "t1").diary("agent1", "t1", "start").wound(),
            "t1 began twice",
            "agent0",
            "agent1"),
        broken(
            promise,
            "began after it was lost",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .event("client0", "update", "t1", "{'state':'TASK_LOST','source':'SOURCE_MASTER'}")
                .diary("agent0", "t1", "start")
                .wound(),
            "t1 began after its end",
            "TASK_LOST"),
        broken(
            promise,
            "wrote after its end",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .update("t1", "TASK_FINISHED", "u")
                .diary("agent0", "t1", "end")
                .wound(),
            "t1 was there after its end",
            "diary end t1"),
        broken(
            promise,
            "a process is left of what is over",
            healthy().with("processes", "{'agent0':[{'pid':1,'task':'t1'}]}"),
            "t1 is over and has a process"),
        broken(
            promise,
            "a line of ps names what is over",
            healthy().with("processes", "{'agent0':['9 /work/meta/quorate-supervisor t1']}"),
            "t1 is over and has a process"),
        kept(
            promise,
            "given up by a master, and it ended later",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .event("client0", "update", "t1", "{'state':'TASK_LOST','source':'SOURCE_MASTER'}")
                .diary("agent0", "t1", "end")
                .wound()),
        unknown(promise, "no diary", begun().ended(), "diaries"),
        unknown(promise, "processes not looked at", healthy().without("processes"), "processes"));
  }

  private static List<Case> mistakenUuids() {
    Promise promise = new UpdatesInOrder();
    return List.of(
        broken(
            promise,
            "one uuid for two tasks",
            begun()
                .lives("O1", "t1")
                .told("t2", "TASK_RUNNING", "t1-running")
                .acknowledge("t2", "t1-running")
                .wound(),
            "one uuid has two meanings",
            "update t1",
            "update t2"),
        broken(
            promise,
            "one uuid for two states",
            begun().lives("O1", "t1").told("t1", "TASK_FAILED", "t1-finished").wound(),
            "one uuid has two meanings"),
        broken(
            promise,
            "one update under two uuids",
            begun()
                .event("client0", "update", "t1", said("u1"))
                .event("client0", "update", "t1", said("u2"))
                .wound(),
            "one update has two uuids",
            "u2"),
        kept(
            promise,
            "one uuid in base64, as hex and with dashes",
            begun()
                .log(updated("t1", "TASK_RUNNING", "De7ZfHhhS9iwPvuspw8wAA=="))
                .told("t1", "TASK_RUNNING", "0DEED97C-7861-4bd8-b03e-fbaca70f3000")
                .acknowledge("t1", "0deed97c78614bd8b03efbaca70f3000")
                .wound()));
  }

  private static List<Case> updatesOutOfOrder() {
    Promise promise = new UpdatesInOrder();
    return List.of(
        broken(
            promise,
            "the next did not wait",
            begun()
                .log(updated("t1", "TASK_RUNNING", "u1"), updated("t1", "TASK_FINISHED", "u2"))
                .told("t1", "TASK_RUNNING", "u1")
                .told("t1", "TASK_FINISHED", "u2")
                .wound(),
            "did not wait",
            "\"u1\"",
            "\"u2\""),
        broken(
            promise,
            "an older one again",
            begun().lives("O1", "t1").told("t1", "TASK_RUNNING", "t1-running").wound(),
            "after a newer one"),
        broken(
            promise,
            "back to running",
            begun().lives("O1", "t1").update("t1", "TASK_RUNNING", "u3").wound(),
            "states went back"),
        kept(
            promise,
            "staging, running, running and healthy, killing",
            begun()
                .update("t1", "TASK_STAGING", "u1")
                .update("t1", "TASK_RUNNING", "u2")
                .update("t1", "TASK_RUNNING", "u3")
                .update("t1", "TASK_KILLING", "u4")
                .wound()));
  }

  private static List<Case> unseenUpdates() {
    Promise promise = new UpdatesInOrder();
    return List.of(
        broken(
            promise,
            "acknowledged and never seen",
            begun().log(updated("t1", "TASK_RUNNING", "u1")).acknowledge("t1", "u1").wound(),
            "acknowledged, and nobody saw it",
            "u1"),
        broken(
            promise,
            "never seen at all",
            begun().log(updated("t1", "TASK_RUNNING", "u1")).wound(),
            "nobody ever saw"),
        kept(
            promise,
            "told again until it is acknowledged, and while that is under way",
            begun()
                .log(updated("t1", "TASK_RUNNING", "u1"))
                .told("t1", "TASK_RUNNING", "u1")
                .told("t1", "TASK_RUNNING", "u1")
                .acknowledge("t1", "u1")
                .told("t1", "TASK_RUNNING", "u1")
                .update("t1", "TASK_FINISHED", "u2")
                .wound()),
        kept(
            promise,
            "never seen, and its framework is over",
            begun()
                .log(updated("t1", "TASK_RUNNING", "u1"))
                .wound()
                .log("{'framework_removed':{'framework_id':'F0'}}")),
        unknown(promise, "not healed", begun().update("t1", "TASK_RUNNING", "u1"), "not healed"),
        unknown(promise, "no update", begun().ended(), "nothing happened"));
  }

  private static List<Case> masters() {
    Promise promise = new TasksOutliveMasters();
    return List.of(
        broken(
            promise,
            "a task fails after a master was killed",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .nemesis("kill", "start", "master0")
                .update("t1", "TASK_FAILED", "u")
                .wound(),
            "nobody had touched it",
            "TASK_FAILED"),
        kept(
            promise,
            "a task fails after its agent was killed",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .nemesis("kill", "start", "agent0")
                .update("t1", "TASK_FAILED", "u")
                .wound()),
        kept(
            promise,
            "whom a strike hit is told later",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .nemesis("cut", "start", "...")
                .nemesis("cut", "struck", "agent0 | master0")
                .update("t1", "TASK_FAILED", "u")
                .wound()),
        kept(
            promise,
            "a task was killed by its client",
            begun()
                .offered("O1")
                .launch("O1", "t1")
                .runs("t1")
                .done("client0", "kill", "t1", "null")
                .update("t1", "TASK_KILLED", "u")
                .wound()),
        unknown(promise, "no task", begun().ended(), "nothing happened"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
