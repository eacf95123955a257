package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.accept;
import static io.quorate.chaos.check.promise.Story.accepted;
import static io.quorate.chaos.check.promise.Story.begun;
import static io.quorate.chaos.check.promise.Story.healthy;
import static io.quorate.chaos.check.promise.Story.launched;
import static io.quorate.chaos.check.promise.Story.updated;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I3, I6 and I15: each kept, and broken in every way that its checker knows. */
class OnlyOncePromisesTest {
  static Stream<Case> cases() {
    return Stream.of(offers(), ids(), duplicates()).flatMap(List::stream);
  }

  private static List<Case> offers() {
    Promise promise = new OffersUsedOnce();
    return List.of(
        broken(
            promise,
            "accepted twice",
            begun().lives("O1", "t1").log(accepted("O1")).wound(),
            "O1 was over twice",
            "offer_accepted"),
        broken(
            promise,
            "declined, then rescinded",
            begun()
                .offered("O1")
                .log("{'offer_declined':{'offer_id':'O1'}}")
                .log("{'offer_rescinded':{'offer_id':'O1'}}")
                .wound(),
            "offer_declined",
            "offer_rescinded"),
        broken(
            promise,
            "the tasks of two ACCEPTs ran",
            begun()
                .lives("O1", "t1")
                .done("client0", "accept", "O1", "{'tasks':['t2']}")
                .runs("t2")
                .wound(),
            "two ACCEPTs of O1",
            "[\"t1\"]",
            "[\"t2\"]"),
        kept(
            promise,
            "the same ACCEPT twice",
            begun().lives("O1", "t1").done("client0", "accept", "O1", "{'tasks':['t1']}").wound()),
        kept(
            promise,
            "a second ACCEPT whose task never ran",
            begun().lives("O1", "t1").done("client0", "accept", "O1", "{'tasks':['t2']}").wound()),
        unknown(promise, "no offer", begun().ended(), "nothing happened"),
        unknown(promise, "the offer began in a hole", healthy().hole().log(accepted("O1")), "O1"));
  }

  private static List<Case> ids() {
    Promise promise = new IdsMintedOnce();
    return List.of(
        broken(
            promise,
            "an offer's id for another agent",
            begun().lives("O1", "t1").event("client0", "offer", "O1", "{'agent':'A7'}").wound(),
            "two offers have one id",
            "A0",
            "A7"),
        broken(
            promise,
            "an offer's id for another framework",
            begun().lives("O1", "t1").event("client1", "offer", "O1", "{'agent':'A0'}").wound(),
            "two offers have one id"),
        broken(
            promise,
            "an offer twice in the log",
            begun().lives("O1", "t1").log(Story.offer("O1", "")).wound(),
            "offer O1 began twice"),
        broken(
            promise,
            "an agent twice in the log",
            begun().log("{'agent_registered':{'agent_id':'A0'}}").wound(),
            "agent A0 began twice"),
        broken(
            promise,
            "a task twice in the log",
            begun().lives("O1", "t1").log(launched("t1", 1)).wound(),
            "task F0/t1 began twice"),
        broken(
            promise,
            "a framework back from the dead",
            begun()
                .log("{'framework_removed':{'framework_id':'F0'}}")
                .log("{'framework_subscribed':{'framework_id':'F0'}}")
                .wound(),
            "came back"),
        kept(
            promise,
            "the next scheduler of the framework hears of the same offer",
            begun()
                .lives("O1", "t1")
                .event("client1", "subscribed", "F0", "{}")
                .event("client1", "offer", "O1", "{'agent':'A0'}")
                .wound()),
        unknown(promise, "a hole in the log", healthy().hole().log("{}"), "log.jsonl"));
  }

  private static List<Case> duplicates() {
    Promise promise = new DuplicatesChangeNothing();
    return List.of(
        broken(
            promise,
            "one ACCEPT launches twice",
            begun().lives("O1", "t1").entry(accept("O1", "t1"), launched("t1", 1)).wound(),
            "one ACCEPT had effects at index",
            "O1"),
        broken(
            promise,
            "an update is taken in twice",
            begun().lives("O1", "t1").log(updated("t1", "TASK_RUNNING", "t1-running")).wound(),
            "taken in twice"),
        broken(
            promise,
            "an update is acknowledged twice",
            begun().lives("O1", "t1").acknowledge("t1", "t1-finished").wound(),
            "acknowledged twice"),
        broken(
            promise,
            "a task that ran is said to be dropped",
            begun()
                .lives("O1", "t1")
                .event(
                    "client0", "update", "t1", "{'state':'TASK_DROPPED','source':'SOURCE_MASTER'}")
                .wound(),
            "t1 ran, and is said never to have started"),
        kept(
            promise,
            "the same ACCEPT again, without effect",
            begun().lives("O1", "t1").entry(accept("O1", "t1")).wound()),
        unknown(promise, "no call", begun().ended(), "nothing happened"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
