package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;
import static io.quorate.chaos.check.promise.Story.begun;
import static io.quorate.chaos.check.promise.Story.healthy;

import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** I8, I9, I13 and I14: each kept, and broken in every way that its checker knows. */
class ClusterPromisesTest {
  static Stream<Case> cases() {
    return Stream.of(
            disagreements(),
            comparedMasters(),
            leaders(),
            starved(),
            servedInTime(),
            wantingNothing(),
            launchesAfterHealing(),
            servicesAfterHealing(),
            exitedDaemons())
        .flatMap(List::stream);
  }

  private static List<Case> disagreements() {
    Promise promise = new ReplicasAgree();
    String last = "{'chain_hash':'%s','state_digest':'%s','applied':50}";
    return List.of(
        broken(
            promise,
            "two logs in the samples",
            healthy().sample("master0", 2, true, 30, "bb").sample("master1", 2, false, 30, "cc"),
            "at index 30 there are two histories",
            "master0",
            "master1"),
        broken(
            promise,
            "one master has another state at the same index later",
            healthy().sample("master0", 2, true, 30, "bb").sample("master0", 2, true, 30, "cc"),
            "at index 30"),
        broken(
            promise,
            "two states at the end",
            healthy()
                .with(
                    "masters",
                    "{'master0':"
                        + last.formatted("ff", "11")
                        + ",'master1':"
                        + last.formatted("ff", "22")
                        + "}"),
            "at index 50",
            "stateDigest=22"),
        broken(
            promise,
            "a replica that was looked at on the way",
            healthy()
                .with(
                    "replicas",
                    "[{'index':2,'master':'master2','chain_hash':'zz','state_digest':'daa'}]"),
            "at index 2",
            "master2"));
  }

  private static List<Case> comparedMasters() {
    Promise promise = new ReplicasAgree();
    String last = "{'chain_hash':'%s','state_digest':'%s','applied':50}";
    return List.of(
        unknown(
            promise,
            "a master that stood where no other did",
            healthy()
                .with(
                    "masters",
                    "{'master0':"
                        + last.formatted("ff", "11")
                        + ",'master2':"
                        + last.formatted("ff", "22").replace("50", "51")
                        + "}"),
            "[master2]"),
        kept(
            promise,
            "masters as /quorate/status shows them",
            healthy()
                .with(
                    "masters",
                    ("{'master0':" + last + ",'master1':" + last + "}")
                        .replace("applied", "applied_index")
                        .replace("%s", "ff"))),
        unknown(
            promise,
            "masters at different indexes",
            healthy()
                .with("masters", "{'master5':{'applied_index':50},'master6':{'applied_index':51}}"),
            "[master5, master6]"),
        unknown(promise, "masters not looked at", healthy().without("masters"), "masters"));
  }

  private static List<Case> leaders() {
    Promise promise = new OneLeaderATerm();
    return List.of(
        broken(
            promise,
            "two serve in a term",
            healthy().sample("master1", 1, true, 60, "bb").sample("master1", 1, true, 60, "bb"),
            "master0 and master1 served in term 1"),
        broken(
            promise,
            "a term twice in the log",
            healthy().log("{'leader_elected':{'term':1}}"),
            "a term follows a later one"),
        broken(
            promise,
            "an older leader writes",
            healthy().log("{'leader_elected':{'term':3}}").log("{'leader_elected':{'term':2}}"),
            "a term follows a later one",
            "\"term\":2"),
        kept(
            promise,
            "the next term has the next leader",
            healthy()
                .log("{'leader_elected':{'term':2}}")
                .sample("master1", 1, true, 60, "bb")
                .sample("master1", 2, true, 60, "bb")
                .sample("master1", 2, true, 60, "bb")),
        unknown(
            promise,
            "nobody served for two samples",
            new Story()
                .log("{'leader_elected':{'term':1}}")
                .sample("master0", 1, true, 2, "aa")
                .sample("master0", 2, true, 2, "aa"),
            "a sample of a master that serves"),
        unknown(promise, "a hole in the log", healthy().hole().log("{}"), "log.jsonl"));
  }

  private static Story waiting() {
    return begun().event("client1", "subscribed", "F1", "{}");
  }

  private static List<Case> starved() {
    Promise promise = new NobodyStarves();
    return List.of(
        broken(
            promise,
            "one waits, the other is served",
            waiting()
                .passing(20)
                .event("client1", "offer", "O7", "{'agent':'A0'}")
                .passing(11)
                .offered("O8"),
            "client0 waited for an offer for 31",
            "offer O7"),
        broken(
            promise,
            "until the end",
            waiting().event("client1", "offer", "O7", "{}").passing(31).healed(),
            "client0 waited"),
        broken(
            promise,
            "wanting again is no new wait",
            waiting()
                .event("client1", "offer", "O7", "{}")
                .passing(20)
                .event("client0", "wants", "", "true")
                .passing(20)
                .offered("O8"),
            "client0 waited"),
        broken(
            promise,
            "who never says always wants",
            waiting()
                .event("client0", "offer", "O6", "{}")
                .passing(31)
                .event("client0", "offer", "O7", "{}")
                .healed(),
            "client1 waited for an offer for 31"));
  }

  private static List<Case> servedInTime() {
    Promise promise = new NobodyStarves();
    return List.of(
        kept(promise, "nobody is served", waiting().passing(100).offered("O8")),
        kept(
            promise,
            "a strike is between",
            waiting()
                .passing(20)
                .event("client1", "offer", "O7", "{}")
                .nemesis("kill", "start", "master0")
                .event("client1", "offer", "O8", "{}")
                .passing(40)
                .nemesis("kill", "stop", "")
                .event("client1", "offer", "O9", "{}")
                .passing(20)
                .offered("O10")),
        kept(
            promise,
            "a longer wait is allowed",
            waiting()
                .option("starvation_seconds_max", 60)
                .event("client1", "offer", "O7", "{}")
                .passing(40)
                .offered("O8")),
        kept(
            promise,
            "others were served before and after, not meanwhile",
            waiting()
                .event("client1", "offer", "O6", "{}")
                .passing(20)
                .offered("O7")
                .passing(40)
                .offered("O8")
                .event("client1", "wants", "", "false")
                .event("client1", "offer", "O9", "{}")),
        unknown(promise, "nobody is there", new Story().healed(), "nothing happened"));
  }

  private static List<Case> wantingNothing() {
    Promise promise = new NobodyStarves();
    return List.of(
        kept(
            promise,
            "it wants none, or has no stream",
            waiting()
                .event("client0", "wants", "", "{'wants':false}")
                .event("client1", "offer", "O7", "{}")
                .passing(40)
                .event("client0", "wants", "", "{'wants':true}")
                .event("client0", "disconnected", "", "null")
                .passing(40)
                .event("client1", "offer", "O8", "{}")
                .event("client0", "subscribed", "F0", "{}")
                .passing(1)
                .offered("O9")),
        kept(
            promise,
            "until it goes",
            waiting()
                .event("client0", "wants", "", "false")
                .event("client1", "offer", "O7", "{}")
                .passing(10)
                .event("client0", "offer", "O8", "{}")
                .invoke("client1", "teardown", "", "null")
                .passing(40)
                .event("client0", "offer", "O9", "{}")));
  }

  private static List<Case> launchesAfterHealing() {
    Promise promise = new Recovery();
    return List.of(
        broken(
            promise,
            "no launch after healing",
            begun().lives("O1", "t1").ended().passing(31).event("client0", "error", "", "null"),
            "client0 got nothing done within 30.0 s"),
        broken(
            promise,
            "too late",
            begun().lives("O1", "t1").ended().passing(31).lives("O2", "t2"),
            "client0 got nothing done"),
        broken(
            promise,
            "one of two",
            begun()
                .lives("O1", "t1")
                .done("client1", "launch", "t7", "{}")
                .ended()
                .lives("O2", "t2")
                .passing(31)
                .event("client0", "error", "", "null"),
            "client1 got nothing done"),
        broken(
            promise,
            "a launch of before is answered after",
            begun()
                .lives("O1", "t1")
                .invoke("client0", "launch", "t2", "{}")
                .ended()
                .ok("client0", "launch", "t2", "null")
                .passing(31)
                .event("client0", "error", "", "null"),
            "client0 got nothing done"),
        kept(
            promise,
            "later, as the run allows",
            begun()
                .lives("O1", "t1")
                .option("recovery_seconds_max", 60)
                .ended()
                .passing(31)
                .lives("O2", "t2")),
        unknown(
            promise,
            "the run ended too soon",
            begun().lives("O1", "t1").ended().passing(3).event("client0", "error", "", "null"),
            "too soon"),
        unknown(promise, "never healed", begun().lives("O1", "t1"), "healed"),
        unknown(promise, "nobody did anything", begun().ended(), "nothing happened"));
  }

  private static List<Case> servicesAfterHealing() {
    Promise promise = new Recovery();
    return List.of(
        broken(
            promise,
            "a service stays small",
            begun()
                .lives("O1", "t1")
                .event("client0", "instances", "", "{'running':3,'wanted':3}")
                .ended()
                .lives("O2", "t2")
                .event("client0", "instances", "", "{'running':2,'wanted':3}")
                .passing(31)
                .event("client0", "instances", "", "{'running':3,'wanted':3}"),
            "number of instances"),
        kept(
            promise,
            "a service is whole in time",
            begun()
                .lives("O1", "t1")
                .event("client0", "instances", "", "{'running':2,'wanted':3}")
                .ended()
                .lives("O2", "t2")
                .event("client0", "instances", "", "{'running':3,'wanted':3}")),
        unknown(
            promise,
            "too soon for a service",
            begun()
                .lives("O1", "t1")
                .event("client0", "instances", "", "{'running':2,'wanted':3}")
                .ended()
                .lives("O2", "t2"),
            "its instances"),
        broken(
            promise,
            "a service was small when it was heard of last",
            begun()
                .lives("O1", "t1")
                .event("client0", "instances", "", "{'running':2,'wanted':3}")
                .ended()
                .lives("O2", "t2")
                .passing(31)
                .event("client0", "error", "", "null"),
            "number of instances"),
        kept(
            promise,
            "a service was whole when it was heard of last",
            begun()
                .lives("O1", "t1")
                .event("client0", "instances", "", "{'running':3,'wanted':3}")
                .ended()
                .lives("O2", "t2")
                .passing(31)
                .event("client0", "error", "", "null")));
  }

  private static List<Case> exitedDaemons() {
    Promise promise = new Recovery();
    return List.of(
        broken(
            promise,
            "a daemon exited",
            healthy().with("exited", "[{'node':'master1','time':5,'status':1}]"),
            "a daemon ended by itself",
            "master1"),
        unknown(promise, "exits not looked at", healthy().without("exited"), "exited"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
