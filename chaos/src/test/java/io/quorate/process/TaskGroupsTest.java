package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of tasks under the default executor. */
@Tag("process")
class TaskGroupsTest {
  private static final String FOR_EVER = "while :; do sleep 0.1; done";

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private ExecutorBench bench;
  private Hand hand;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = ExecutorBench.cluster(directory);
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

  /** Launches a group of commands, by the ids of their tasks. */
  private Offer launch(String executor, Map<String, String> commands) {
    Offer offer = bench.offer();
    Offer.Operation.Builder operation =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH_GROUP);
    operation
        .getLaunchGroupBuilder()
        .setExecutor(
            ExecutorBench.plain(executor)
                .setType(ExecutorInfo.Type.DEFAULT)
                .setFrameworkId(hand.client.frameworkId().orElseThrow()));
    commands.forEach(
        (id, command) ->
            operation
                .getLaunchGroupBuilder()
                .getTaskGroupBuilder()
                .addTasks(Hand.task(offer, id, command)));
    hand.accept(offer, operation);
    return offer;
  }

  private boolean over(String task) {
    return hand.statuses(task).stream()
        .anyMatch(
            status ->
                status.getState() != TaskState.TASK_STARTING
                    && status.getState() != TaskState.TASK_RUNNING);
  }

  @Test
  @DisplayName("CP-324, CP-326 each task of a group has its own container, and ends by itself")
  void shouldRunGroup() throws IOException {
    Path gate = directory.resolve("gate");
    launch(
        "group",
        Map.of(
            "short",
            "echo $MESOS_TASK_ID in $MESOS_CONTAINER_ID of $MESOS_EXECUTOR_ID; pwd -P",
            "long",
            "while [ ! -e " + gate + " ]; do sleep 0.1; done"));
    TaskStatus first = hand.awaitState("short", TaskState.TASK_FINISHED);
    TaskStatus second = hand.awaitState("long", TaskState.TASK_RUNNING);
    assertThat(first.getExecutorId().getValue()).isEqualTo("group");
    var one = first.getContainerStatus().getContainerId();
    var other = second.getContainerStatus().getContainerId();
    assertThat(one.getParent()).isEqualTo(other.getParent());
    assertThat(one.getValue())
        .isNotEqualTo(other.getValue())
        .isNotEqualTo(one.getParent().getValue());
    Path outer = bench.sandbox("group").resolveSibling(one.getParent().getValue());
    assertThat(Files.readAllLines(outer.resolve("tasks/short/stdout")))
        .containsExactly(
            "short in " + one.getValue() + " of group",
            outer.toRealPath().resolve("containers").resolve(one.getValue()).toString());
    assertThat(over("long")).isFalse();
    Files.createFile(gate);
    hand.awaitState("long", TaskState.TASK_FINISHED);
    assertThat(bench.awaitFailure("group").getStatus()).isZero();
  }

  @Test
  @DisplayName(
      "CP-325, CP-327 one that fails ends its group; another group of the executor goes on")
  void shouldEndGroup() {
    launch("two", Map.of("stays", FOR_EVER));
    launch("two", Map.of("fails", "sleep 1; exit 1", "falls", FOR_EVER));
    hand.awaitState("fails", TaskState.TASK_FAILED);
    hand.awaitState("falls", TaskState.TASK_KILLED);
    assertThat(over("stays")).isFalse();
    assertThat(bench.failures("two")).isZero();
    launch("two", Map.of("killed", FOR_EVER, "with", FOR_EVER));
    hand.awaitState("with", TaskState.TASK_RUNNING);
    bench.kill("killed", 1_000_000_000L);
    hand.awaitState("killed", TaskState.TASK_KILLED);
    hand.awaitState("with", TaskState.TASK_KILLED);
    assertThat(over("stays")).isFalse();
  }

  @Test
  @DisplayName("CP-348 the grace period of a kill goes before that of the task")
  void shouldPreferGraceOfCall() {
    Offer offer = bench.offer();
    TaskInfo.Builder task = Hand.task(offer, "patient", "trap '' TERM; " + FOR_EVER);
    task.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(600_000_000_000L);
    hand.accept(offer, Hand.launch(task));
    hand.awaitState("patient", TaskState.TASK_RUNNING);
    bench.kill("patient", 300_000_000L);
    assertThat(hand.awaitState("patient", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Command terminated with signal 9");
  }

  @Test
  @DisplayName("CP-154, CP-300 groups outlive their agent, and end with their executor")
  void shouldOutliveAgent() throws IOException {
    Offer offer = launch("keeps", Map.of("k1", FOR_EVER, "k2", FOR_EVER));
    hand.awaitState("k1", TaskState.TASK_RUNNING);
    hand.awaitState("k2", TaskState.TASK_RUNNING);
    cluster.killAgent(0);
    cluster.restartAgent(0);
    await("it is back").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
    assertThat(over("k1")).isFalse();
    bench.shutdown(offer.getAgentId(), "keeps");
    hand.awaitState("k1", TaskState.TASK_KILLED);
    hand.awaitState("k2", TaskState.TASK_KILLED);
    assertThat(bench.awaitFailure("keeps").getStatus()).isZero();
  }
}
