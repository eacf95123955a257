package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors and an agent that is killed and started again. */
@Tag("process")
class ExecutorRecoveryTest {
  private static final String UPDATE =
      ",\"update\":{\"status\":{\"task_id\":{\"value\":\"away\"},\"state\":\"TASK_FAILED\","
          + "\"source\":\"SOURCE_EXECUTOR\",\"uuid\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}}";

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private ExecutorBench bench;
  private Hand hand;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = ExecutorBench.cluster(directory, "--executor_reregistration_timeout=5secs");
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() {
    bench = new ExecutorBench(cluster);
    hand = bench.hand;
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  /** Without repetitions of one update: an agent that died may send the latest again. */
  private List<TaskState> states(String task) {
    Map<ByteString, TaskState> states = new LinkedHashMap<>();
    hand.statuses(task).forEach(status -> states.put(status.getUuid(), status.getState()));
    return List.copyOf(states.values());
  }

  private long count(String executor, String line) {
    return bench.lines(executor).stream().filter(otherLine -> otherLine.startsWith(line)).count();
  }

  @Test
  @DisplayName(
      "CP-300, CP-315 an executor outlives its agent, and sends again what it may not know")
  void shouldOutliveAgent() throws IOException {
    Offer offer = bench.launch("r1", ExecutorBench.executor("stays"), "run");
    bench.launch("r2", ExecutorBench.executor("stays"), "run");
    hand.awaitState("r1", TaskState.TASK_RUNNING);
    hand.awaitState("r2", TaskState.TASK_RUNNING);
    bench.message(offer.getAgentId(), "stays", "keep r2");
    bench.message(offer.getAgentId(), "stays", "heard?");
    await("it heard").atMost(LONG).until(() -> hand.events.stream().anyMatch(e -> e.hasMessage()));
    cluster.killAgent(0);
    cluster.restartAgent(0);
    hand.awaitState("r2", TaskState.TASK_FINISHED);
    // Once more: from the journal that was written anew.
    cluster.killAgent(0);
    cluster.restartAgent(0);
    await("it is back").atMost(LONG).until(() -> count("stays", "subscribed ") == 3);
    await("the link is back").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
    bench.message(offer.getAgentId(), "stays", "finish r1");
    hand.awaitState("r1", TaskState.TASK_FINISHED);
    assertThat(states("r1")).containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(states("r2")).containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    bench.launch("r3", ExecutorBench.executor("stays"), "finish");
    hand.awaitState("r3", TaskState.TASK_FINISHED);
    assertThat(bench.lines("stays").stream().filter(line -> line.startsWith("subscribed ")))
        .containsOnly(
            bench.lines("stays").stream()
                .filter(line -> line.startsWith("subscribed "))
                .findFirst()
                .orElseThrow());
    assertThat(bench.failures("stays")).isZero();
  }

  @Test
  @DisplayName("CP-301 an executor that ends while the agent is away is noticed, with its status")
  void shouldNoticeEnd() throws IOException {
    bench.launch("alone", ExecutorBench.executor("dies"), "run");
    TaskStatus status = hand.awaitState("alone", TaskState.TASK_RUNNING);
    Path run =
        cluster
            .directory()
            .resolve("agent0/meta/runs")
            .resolve(status.getContainerStatus().getContainerId().getValue());
    cluster.killAgent(0);
    // Its supervisor's only child.
    ProcessHandle.of(Long.parseLong(Files.readString(run.resolve("started")).split(" ")[0]))
        .orElseThrow()
        .children()
        .forEach(ProcessHandle::destroyForcibly);
    await("its end is on disk").atMost(LONG).until(() -> Files.exists(run.resolve("status")));
    cluster.restartAgent(0);
    assertThat(hand.awaitState("alone", TaskState.TASK_FAILED).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    assertThat(bench.awaitFailure("dies").getStatus()).isEqualTo(9);
  }

  @Test
  @DisplayName("CP-302, CP-312 one that is not back in time is destroyed; until then it gets 503")
  void shouldNotAwaitForEver() throws Exception {
    bench.launch("away", ExecutorBench.executor("late", "late"), "run");
    hand.awaitState("away", TaskState.TASK_RUNNING);
    cluster.killAgent(0);
    cluster.restartAgent(0);
    await("503").atMost(LONG).until(() -> answer() == 503);
    TaskStatus end = hand.awaitState("away", TaskState.TASK_GONE);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_REREGISTRATION_TIMEOUT);
    assertThat(bench.awaitFailure("late").getStatus()).isEqualTo(9);
  }

  private int answer() throws Exception {
    try {
      return bench.call("late", "UPDATE", UPDATE).statusCode();
    } catch (ConnectException e) {
      return -1;
    }
  }

  @Test
  @DisplayName("CP-303 without checkpoints an executor does not outlive its agent")
  void shouldEndWithAgent() throws IOException {
    bench.withdraw();
    try (Hand other =
        new Hand(cluster.masters(), Hand.info("dev").setCheckpoint(false).build(), 0)) {
      await("an offer").atMost(LONG).until(() -> !other.offers.isEmpty());
      Offer offer = other.offers.values().iterator().next();
      // It would go on: it neither knows of the agent nor asks.
      other.accept(
          offer,
          Hand.launch(
              ExecutorBench.task(
                  offer,
                  "short",
                  ExecutorBench.plain("deaf")
                      .setCommand(CommandInfo.newBuilder().setValue("echo $$ >pid; sleep 1000")),
                  "")));
      Path pid =
          cluster
              .directory()
              .resolve("agent0/slaves")
              .resolve(offer.getAgentId().getValue())
              .resolve("frameworks")
              .resolve(other.client.frameworkId().orElseThrow().getValue())
              .resolve("executors/deaf/runs/latest/pid");
      await("it runs")
          .atMost(LONG)
          .until(() -> Files.exists(pid) && Files.readString(pid).endsWith("\n"));
      long process = Long.parseLong(Files.readString(pid).strip());
      cluster.killAgent(0);
      other.awaitState("short", TaskState.TASK_LOST);
      cluster.restartAgent(0);
      await("it is gone").atMost(LONG).until(() -> ProcessHandle.of(process).isEmpty());
      other.client.teardown();
    }
  }

  @Test
  @DisplayName("CP-315 a launch that got lost is dropped, one that the executor names is not")
  void shouldDropLostLaunch() {
    Offer offer = bench.launch("named", ExecutorBench.executor("tells"), "hold");
    bench.launch("lost", ExecutorBench.executor("forgets", "forgetful"), "hold");
    bench.awaitLine("tells", "launch named");
    bench.awaitLine("forgets", "launch lost");
    bench.message(offer.getAgentId(), "tells", "again");
    bench.message(offer.getAgentId(), "forgets", "again");
    TaskStatus end = hand.awaitState("lost", TaskState.TASK_DROPPED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_RESTARTED);
    await("it is back").atMost(LONG).until(() -> count("tells", "subscribed ") == 2);
    bench.message(offer.getAgentId(), "tells", "finish named");
    hand.awaitState("named", TaskState.TASK_FINISHED);
    assertThat(count("tells", "launch named")).isEqualTo(1);
  }
}
