package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.accepted;
import static io.quorate.chaos.check.promise.Story.begun;
import static io.quorate.chaos.check.promise.Story.cpus;
import static io.quorate.chaos.check.promise.Story.healthy;
import static io.quorate.chaos.check.promise.Story.launched;
import static io.quorate.chaos.check.promise.Story.offer;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I2, I11 and I12: each kept, and broken in every way that its checker knows. */
class ResourcePromisesTest {
  private static final String PORTS =
      "{'name':'ports','ranges':{'range':[{'begin':31000,'end':%s}]}}";
  private static final String RESERVED =
      "{'name':'cpus','scalar':{'value':%s},'reservations':[{'type':'DYNAMIC','role':'web',"
          + "'labels':{'labels':[{'key':'label','value':'r1'}]}}]}";

  static Stream<Case> cases() {
    return Stream.of(
            takenTwice(),
            heldOverAReturn(),
            freeAgain(),
            handsUnseen(),
            quotas(),
            lostReservations(),
            lastingReservations())
        .flatMap(List::stream);
  }

  private static String reserve(double from, double to) {
    return "{'operation_begun':{'agent_id':'A0','held':false,'consumed':["
        + cpus(from)
        + "],'converted':["
        + RESERVED.formatted(to)
        + "]}}";
  }

  private static String executor(String task, double cpus) {
    return launched(task, cpus)
        .replace(
            "'agent_id'",
            "'executor':{'executor_id':{'value':'E0'},'resources':[" + cpus(1) + "]},'agent_id'");
  }

  private static List<Case> takenTwice() {
    Promise promise = new ResourcesInOneHand();
    return List.of(
        broken(
            promise,
            "offered while in use",
            begun().log(launched("t1", 1)).log(offer("O1", cpus(4))),
            "A0 is more than it has: cpus: 5.0 of 4.0",
            "offer_extended",
            "index 6"),
        broken(
            promise,
            "launched on what another is offered",
            begun().log(offer("O1", cpus(4))).log(launched("t1", 1)),
            "cpus: 5.0 of 4.0",
            "task_launched"),
        broken(
            promise,
            "two offers of one port",
            begun()
                .log(offer("O1", PORTS.formatted("31001")))
                .log(offer("O2", PORTS.formatted("31000"))),
            "ports:31000: 2.0 of 1.0"),
        broken(
            promise,
            "an executor is forgotten",
            begun().log(executor("t1", 2)).log(offer("O1", cpus(2))),
            "cpus: 5.0 of 4.0"),
        broken(
            promise,
            "reserved and yet offered",
            begun().log(reserve(3, 3)).log(offer("O1", cpus(2))),
            "cpus: 2.0 of 1.0"),
        broken(
            promise,
            "more reserved than taken for it",
            begun().log(reserve(1, 2)),
            "A0 has more cpus than it reported: 5.0"),
        broken(
            promise,
            "at one index only",
            begun()
                .log(launched("t1", 1))
                .log(offer("O1", cpus(4)))
                .log("{'offer_declined':{'offer_id':'O1'}}")
                .log(offer("O2", cpus(1))),
            "cpus: 5.0 of 4.0"));
  }

  private static List<Case> heldOverAReturn() {
    Promise promise = new ResourcesInOneHand();
    return List.of(
        broken(
            promise,
            "a task is forgotten when its agent comes back",
            begun()
                .log(launched("t1", 3))
                .log("{'agent_disconnected':{'agent_id':'A0'}}")
                .log(
                    "{'agent_reconnected':{'agent_id':'A0','agent_info':{'resources':["
                        + cpus(4)
                        + "]},'total':["
                        + cpus(4)
                        + "]}}")
                .log(offer("O1", cpus(4))),
            "cpus: 7.0 of 4.0"),
        broken(
            promise,
            "an agent that shrank is offered",
            begun()
                .log(launched("t1", 3))
                .log(
                    "{'agent_reconnected':{'agent_id':'A0','agent_info':{'resources':["
                        + cpus(2)
                        + "]},'total':["
                        + cpus(2)
                        + "]}}")
                .log(offer("O1", cpus(1))),
            "cpus: 4.0 of 2.0"),
        kept(
            promise,
            "an agent that shrank below what is in use",
            begun()
                .log(launched("t1", 3))
                .log(
                    "{'agent_reconnected':{'agent_id':'A0','agent_info':{'resources':["
                        + cpus(2)
                        + "]},'total':["
                        + cpus(2)
                        + "]}}")));
  }

  private static List<Case> freeAgain() {
    Promise promise = new ResourcesInOneHand();
    return List.of(
        kept(
            promise,
            "free again: over, unreachable, declined, framework and executor gone",
            begun()
                .log(launched("t1", 4))
                .log(Story.updated("t1", "TASK_FINISHED", "u"))
                .log(launched("t2", 4))
                .log(
                    "{'task_became_unreachable':{'framework_id':'F0','status':{'task_id':{'value':"
                        + "'t2'},'state':'TASK_UNREACHABLE'}}}")
                .log(offer("O1", cpus(4)))
                .log("{'offer_declined':{'offer_id':'O1'}}")
                .log(executor("t3", 3))
                .log(Story.updated("t3", "TASK_FAILED", "v"))
                .log("{'executor_exited':{'framework_id':'F0','agent_id':'A0','executor_id':'E0'}}")
                .log(launched("t4", 4))
                .log("{'framework_removed':{'framework_id':'F0'}}")
                .log(offer("O2", cpus(4)))),
        kept(
            promise,
            "accepted, launched and reserved within one entry",
            begun()
                .log(offer("O1", cpus(4)))
                .log(
                    accepted("O1"),
                    reserve(1, 1),
                    launched("t1", 3),
                    offer("O2", RESERVED.formatted(1)))));
  }

  private static List<Case> handsUnseen() {
    Promise promise = new ResourcesInOneHand();
    return List.of(
        unknown(promise, "a hole in the log", healthy().hole().log("{}"), "log.jsonl"),
        unknown(
            promise,
            "an operation that holds what the log does not name later",
            begun().log(reserve(1, 1).replace("false", "true")),
            "what operation at index 5 holds"),
        unknown(
            promise,
            "a gap within the log",
            begun().skipping(40).log("{}"),
            "between index 4 and 45"),
        kept(promise, "indexes of elections", begun().skipping(20).log(offer("O1", cpus(1)))),
        unknown(
            promise,
            "no election at the beginning",
            new Story().log(offer("O1", cpus(1))),
            "does not begin with an election"),
        unknown(promise, "nothing changed hands", begun().hole(), "log.jsonl"));
  }

  private static Story limited(double cpus) {
    return begun()
        .log(
            "{'quotas_updated':{'quotas':[{'role':'web','limits':{'cpus':{'value':"
                + cpus
                + "}}}]}}");
  }

  private static List<Case> quotas() {
    Promise promise = new QuotasHold();
    return List.of(
        broken(
            promise,
            "one offer past the limit",
            limited(2).log(offer("O1", cpus(3))),
            "web has 3.0 cpus of a limit of 2.0",
            "O1"),
        broken(
            promise,
            "with what a role below holds",
            limited(2)
                .log(launched("t1", 1).replace("'web'", "'web/shop'"))
                .log(offer("O1", cpus(2))),
            "web has 3.0 cpus"),
        broken(
            promise,
            "with what is reserved",
            limited(2).log(reserve(1, 1)).log(offer("O1", cpus(2))),
            "web has 3.0 cpus"),
        kept(
            promise,
            "another role, another resource, and one who holds more than a later limit",
            limited(2)
                .log(launched("t1", 3))
                .log(offer("O1", cpus(4)).replace("'web'", "'webster'"))
                .log(offer("O2", PORTS.formatted("31001")))),
        kept(
            promise,
            "what is reserved is not charged when it is offered",
            limited(1).log(reserve(1, 1)).log(offer("O1", RESERVED.formatted(1)))),
        kept(
            promise,
            "a limit that was lifted",
            limited(1)
                .log(offer("O0", cpus(1)))
                .log("{'offer_declined':{'offer_id':'O0'}}")
                .log("{'quotas_updated':{'quotas':[{'role':'web'}]}}")
                .log(offer("O1", cpus(4)))),
        unknown(promise, "no offer", begun(), "nothing happened"),
        unknown(
            promise,
            "no offer to a role with a limit",
            begun().log(offer("O1", cpus(4))),
            "nothing happened"),
        unknown(promise, "a hole in the log", healthy().hole().log("{}"), "log.jsonl"));
  }

  private static Story left(Story story, String label) {
    return story.end(
        "{'state':{'slaves':[{'reserved_resources_full':{'web':[{'name':'cpus','reservations':"
            + "[{'labels':{'labels':[{'key':'label','value':'"
            + label
            + "'}]}}]}]}}]}}");
  }

  private static List<Case> lostReservations() {
    Promise promise = new ReservationsLast();
    return List.of(
        broken(
            promise,
            "acknowledged and gone",
            left(begun().done("client0", "reserve", "r1", "null"), "r2"),
            "r1 is not there at the end",
            "client0 reserve"),
        broken(
            promise,
            "given back and still there",
            left(
                begun()
                    .done("client0", "reserve", "r1", "null")
                    .done("client0", "unreserve", "r1", "null"),
                "r1"),
            "r1 is there at the end",
            "client0 unreserve"),
        broken(
            promise,
            "a volume is gone",
            left(begun().done("client0", "create", "v1", "null"), "r1"),
            "v1 is not there",
            "client0 create"),
        broken(
            promise,
            "a failed call gave it back",
            left(
                begun()
                    .done("client0", "reserve", "r1", "null")
                    .invoke("client0", "unreserve", "r1", "null")
                    .fail("client0", "unreserve", "r1"),
                "r2"),
            "r1 is not there"));
  }

  private static List<Case> lastingReservations() {
    Promise promise = new ReservationsLast();
    return List.of(
        kept(promise, "there", left(begun().done("client0", "reserve", "r1", "null"), "r1")),
        kept(
            promise,
            "given back by a call of unknown outcome, and still there",
            left(
                begun()
                    .done("client0", "reserve", "r1", "null")
                    .invoke("client0", "unreserve", "r1", "null")
                    .info("client0", "unreserve", "r1"),
                "r1")),
        kept(
            promise,
            "given back by a call of unknown outcome, and gone",
            left(
                begun()
                    .done("client0", "reserve", "r1", "null")
                    .invoke("client0", "unreserve", "r1", "null")
                    .info("client0", "unreserve", "r1"),
                "r2")),
        unknown(promise, "nothing reserved", left(begun(), "r1"), "nothing happened"),
        unknown(
            promise,
            "no final state",
            begun().done("client0", "reserve", "r1", "null"),
            "end.json"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
