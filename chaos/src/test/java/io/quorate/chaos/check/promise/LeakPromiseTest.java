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

/** I16: kept, and broken in every way that its checker knows. */
class LeakPromiseTest {
  private static String metrics(int streams, int links) {
    return "{'quorate/scheduler_streams':"
        + streams
        + ",'quorate/agent_links':"
        + links
        + ",'master/frameworks_connected':1.0,'master/slaves_connected':1.0}";
  }

  static Stream<Case> cases() {
    return Stream.of(leftovers(), leftStreams()).flatMap(List::stream);
  }

  private static List<Case> leftovers() {
    Promise promise = new NothingLeaks();
    return List.of(
        broken(
            promise,
            "a process",
            healthy().with("processes", "{'agent0':[{'pid':9,'task':'t5'}]}"),
            "a process on agent0 is left",
            "t5"),
        broken(
            promise,
            "a task",
            healthy()
                .with("state", "{'frameworks':[{'tasks':[{'id':'t5','state':'TASK_RUNNING'}]}]}"),
            "a task is left",
            "t5"),
        broken(
            promise,
            "an offer",
            healthy().with("state", "{'frameworks':[{'offers':[{'id':'O5'}]}]}"),
            "1 offers are left"),
        broken(
            promise,
            "a reservation",
            healthy()
                .with(
                    "state",
                    "{'slaves':[{'hostname':'agent0','reserved_resources':{'web':{'cpus':1}}}]}"),
            "a reservation on agent0 is left"),
        broken(
            promise,
            "an agent that went",
            healthy()
                .with("gone_agents", "['agent2']")
                .with("state", "{'slaves':[{'hostname':'agent0'},{'hostname':'agent2'}]}"),
            "an agent that went for good is left",
            "agent2"),
        kept(
            promise,
            "an agent that went, not counted any more",
            healthy()
                .with("gone_agents", "['agent2']")
                .with("state", "{'slaves':[{'hostname':'agent0'}]}")),
        unknown(promise, "processes not looked at", healthy().without("processes"), "processes"),
        unknown(promise, "state not looked at", healthy().without("state"), "state"),
        broken(
            promise,
            "a line of ps",
            healthy().with("processes", "{'agent0':['9 /work/meta/quorate-supervisor t5']}"),
            "a process on agent0 is left"),
        unknown(promise, "nothing was launched", begun().ended(), "nothing happened"));
  }

  private static List<Case> leftStreams() {
    Promise promise = new NothingLeaks();
    return List.of(
        broken(promise, "a stream", healthy().with("open_streams", "1"), "1 open streams"),
        kept(
            promise,
            "as much as the run states",
            healthy()
                .option("offers_left_max", 1)
                .option("streams_left_max", 2)
                .with("state", "{'frameworks':[{'offers':[{'id':'O5'}]}]}")
                .with("open_streams", "2")),
        broken(
            promise,
            "a stream more than frameworks",
            healthy().without("open_streams").with("metrics", metrics(2, 1)),
            "2 schedulers' streams"),
        broken(
            promise,
            "a link more than agents",
            healthy().without("open_streams").with("metrics", metrics(1, 3)),
            "3 agents' links"),
        kept(
            promise,
            "a stream for each framework, a link for each agent",
            healthy().without("open_streams").with("metrics", metrics(1, 1))),
        unknown(promise, "streams not counted", healthy().without("open_streams"), "streams"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
