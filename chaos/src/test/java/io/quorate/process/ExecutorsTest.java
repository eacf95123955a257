package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors that a framework brings, as processes under a real agent. */
@Tag("process")
class ExecutorsTest {
  @TempDir static Path directory;
  private static LocalCluster cluster;
  private ExecutorBench bench;
  private Hand hand;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster =
        ExecutorBench.cluster(
            directory,
            "--executor_registration_timeout=10secs",
            "--executor_shutdown_grace_period=1secs",
            "--executor_heartbeat_interval=300ms");
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

  @Test
  @DisplayName(
      "CP-047, CP-309, CP-310, CP-314, CP-316, CP-317, CP-318, CP-319, CP-346 an executor is told"
          + " who it is, and gets its tasks in order")
  void shouldRunTasks() {
    Offer offer = bench.offer();
    ExecutorInfo.Builder executor = ExecutorBench.executor("ordered");
    hand.accept(
        offer,
        Hand.launch(ExecutorBench.task(offer, "o1", executor, "run")),
        Hand.launch(ExecutorBench.task(offer, "o2", executor, "finish")));
    TaskStatus status = hand.awaitState("o1", TaskState.TASK_RUNNING);
    hand.awaitState("o2", TaskState.TASK_FINISHED);
    bench.awaitLine("ordered", "acknowledged o1");
    assertThat(bench.lines("ordered")).containsSubsequence("launch o1", "launch o2");
    Path sandbox = bench.sandbox("ordered").getParent();
    String container = status.getContainerStatus().getContainerId().getValue();
    String agent = offer.getAgentId().getValue();
    assertThat(bench.lines("ordered"))
        .contains(
            "subscribed ordered hand " + agent + " " + container,
            "env MESOS_FRAMEWORK_ID=" + bench.framework(),
            "env MESOS_EXECUTOR_ID=ordered",
            "env MESOS_SLAVE_ID=" + agent,
            "env MESOS_AGENT_ENDPOINT=" + cluster.agents().get(0),
            "env MESOS_DIRECTORY=" + sandbox.resolve(container),
            "env MESOS_SANDBOX=" + sandbox.resolve(container),
            "env MESOS_CHECKPOINT=1",
            "env MESOS_RECOVERY_TIMEOUT=15mins",
            "env MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD=1secs",
            "env OWN=own",
            "env LIBPROCESS_PORT=7");
    assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(status.getExecutorId().getValue()).isEqualTo("ordered");
    assertThat(status.getAgentId()).isEqualTo(offer.getAgentId());
    assertThat(status.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress())
        .isEqualTo("127.0.0.1");
    bench.awaitLine("ordered", "heartbeat");
  }

  @Test
  @DisplayName(
      "CP-150, CP-154, CP-162, CP-171, CP-308 messages, kills and the shutdown reach an executor")
  void shouldTalk() {
    Offer offer = bench.launch("talks", ExecutorBench.executor("talker"), "run");
    hand.awaitState("talks", TaskState.TASK_RUNNING);
    bench.message(offer.getAgentId(), "talker", "\u0000 ping \u00e9");
    await("the echo").atMost(LONG).until(() -> hand.events.stream().anyMatch(Event::hasMessage));
    Event.Message echo =
        hand.events.stream().filter(Event::hasMessage).findFirst().orElseThrow().getMessage();
    assertThat(echo.getData().toStringUtf8()).isEqualTo("\u0000 ping \u00e9");
    assertThat(echo.getExecutorId().getValue()).isEqualTo("talker");
    bench.kill("talks", 2_500_000_000L);
    hand.awaitState("talks", TaskState.TASK_KILLED);
    assertThat(bench.lines("talker")).contains("kill talks 2500000000");
    bench.shutdown(offer.getAgentId(), "talker");
    assertThat(bench.awaitFailure("talker").getStatus()).isZero();
    assertThat(bench.lines("talker")).contains("shutdown");
  }

  @Test
  @DisplayName("CP-308 one that does not heed SHUTDOWN is killed after the grace")
  void shouldKillStubborn() {
    ExecutorInfo.Builder executor = ExecutorBench.executor("stubborn", "stubborn");
    Offer offer = bench.launch("s", executor, "run");
    hand.awaitState("s", TaskState.TASK_RUNNING);
    bench.shutdown(offer.getAgentId(), "stubborn");
    assertThat(bench.awaitFailure("stubborn").getStatus()).isEqualTo(9);
    assertThat(bench.lines("stubborn")).contains("shutdown");
    TaskStatus end = hand.awaitState("s", TaskState.TASK_FAILED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
  }

  @Test
  @DisplayName(
      "CP-171, CP-259, CP-263 an executor that ends takes its tasks with it; its id is free again")
  void shouldFailTasksOfEndedExecutor() {
    Offer offer = bench.offer();
    ExecutorInfo.Builder executor = ExecutorBench.executor("ends");
    hand.accept(
        offer,
        Hand.launch(ExecutorBench.task(offer, "e1", executor, "run")),
        Hand.launch(ExecutorBench.task(offer, "e2", executor, "exit 3")));
    TaskStatus end = hand.awaitState("e1", TaskState.TASK_FAILED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    assertThat(end.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(hand.awaitState("e2", TaskState.TASK_FAILED).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
    assertThat(bench.awaitFailure("ends").getStatus()).isEqualTo(3 << 8);
    bench.launch("e3", executor, "finish");
    hand.awaitState("e3", TaskState.TASK_FINISHED);
    assertThat(bench.failures("ends")).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-262 an update that comes twice is delivered once, and acknowledged twice")
  void shouldDeliverOnce() {
    Offer offer = bench.launch("dup", ExecutorBench.executor("twice"), "twice");
    hand.awaitState("dup", TaskState.TASK_RUNNING);
    await("both acknowledged")
        .atMost(LONG)
        .until(() -> bench.lines("twice").stream().filter("acknowledged dup"::equals).count() == 2);
    bench.message(offer.getAgentId(), "twice", "finish dup");
    hand.awaitState("dup", TaskState.TASK_FINISHED);
    assertThat(hand.statuses("dup").stream().map(TaskStatus::getState))
        .containsExactly(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
  }

  @Test
  @DisplayName("CP-240 the tasks of a group come in one event")
  void shouldDeliverGroupAtOnce() {
    Offer offer = bench.offer();
    ExecutorInfo executor =
        ExecutorBench.executor("grouped")
            .setFrameworkId(hand.client.frameworkId().orElseThrow())
            .build();
    Offer.Operation.Builder operation =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH_GROUP);
    operation.getLaunchGroupBuilder().setExecutor(executor);
    for (String id : List.of("g1", "g2")) {
      operation
          .getLaunchGroupBuilder()
          .getTaskGroupBuilder()
          .addTasks(ExecutorBench.task(offer, id, executor.toBuilder(), "run").clearExecutor());
    }
    hand.accept(offer, operation);
    hand.awaitState("g1", TaskState.TASK_RUNNING);
    hand.awaitState("g2", TaskState.TASK_RUNNING);
    assertThat(bench.lines("grouped")).containsSubsequence("group 2", "launch g1", "launch g2");
  }

  private static ExecutorInfo.Builder mute(String id) {
    return ExecutorBench.plain(id)
        .setType(ExecutorInfo.Type.CUSTOM)
        .setCommand(CommandInfo.newBuilder().setValue("sleep 1000 & echo $! >child; wait"));
  }

  @Test
  @DisplayName("CP-307, CP-339 one that never subscribes is killed with all its processes")
  void shouldNotWaitForEver() throws IOException {
    bench.launch("waits", mute("mute"), "run");
    TaskStatus end = hand.awaitState("waits", TaskState.TASK_FAILED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT);
    assertThat(bench.awaitFailure("mute").getStatus()).isEqualTo(9);
    long child = Long.parseLong(Files.readString(bench.sandbox("mute").resolve("child")).strip());
    await("its child is gone").atMost(LONG).until(() -> ProcessHandle.of(child).isEmpty());
  }

  @Test
  @DisplayName("CP-339 what an ended executor left behind is killed, also what left its session")
  void shouldKillWhatIsLeft() throws IOException {
    bench.launch(
        "leaves",
        ExecutorBench.plain("leaver")
            .setCommand(
                CommandInfo.newBuilder().setValue("setsid sleep 1000 & echo $! >child; exit 0")),
        "run");
    bench.awaitFailure("leaver");
    long child = Long.parseLong(Files.readString(bench.sandbox("leaver").resolve("child")).strip());
    await("its child is gone").atMost(LONG).until(() -> ProcessHandle.of(child).isEmpty());
  }

  @Test
  @DisplayName("a task killed before its executor subscribed is KILLED, and the executor ends")
  void shouldKillBeforeDelivery() {
    bench.launch("early", mute("unused"), "run");
    bench.kill("early", 0);
    TaskStatus end = hand.awaitState("early", TaskState.TASK_KILLED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH);
    assertThat(bench.awaitFailure("unused").getStatus()).isEqualTo(9);
  }

  @Test
  @DisplayName("CP-006, CP-024, CP-025, CP-311, CP-313 wrong calls are answered by name")
  void shouldRefuseWrongCalls() throws Exception {
    bench.launch("never", mute("silent"), "run");
    await("it is there")
        .atMost(LONG)
        .until(() -> bench.call("silent", "HEARTBEAT", "").statusCode() == 403);
    assertThat(bench.call("silent", "HEARTBEAT", "").body())
        .isEqualTo("Executor is not subscribed");
    refused(bench.call("other", "HEARTBEAT", ""), 400, "Executor cannot be found");
    refused(
        bench.call(
            "/slave(1)/api/v1/executor",
            bench.json("silent", "HEARTBEAT", "").replace(bench.framework(), "nobody")),
        400,
        "Framework cannot be found");
    refused(bench.call("silent", "UNKNOWN", ""), 501, "UNKNOWN");
    refused(bench.call("silent", "MESSAGE", ""), 400, "'message'");
    refused(bench.call("/api/v1/executor", "{"), 400, "Failed to parse");
    String update =
        ",\"update\":{\"status\":{\"task_id\":{\"value\":\"never\"},\"state\":\"%s\","
            + "\"source\":\"%s\",\"uuid\":\"%s\"%s}}";
    String uuid = "AAAAAAAAAAAAAAAAAAAAAA==";
    String source = "SOURCE_EXECUTOR";
    refused(
        bench.call("silent", "UPDATE", update.formatted("TASK_RUNNING", source, "AAAA", "")),
        400,
        "'status.uuid'");
    refused(
        bench.call("silent", "UPDATE", update.formatted("TASK_STAGING", source, uuid, "")),
        400,
        "TASK_STAGING");
    refused(
        bench.call("silent", "UPDATE", update.formatted("TASK_RUNNING", "SOURCE_AGENT", uuid, "")),
        400,
        "'status.source'");
    refused(
        bench.call(
            "silent",
            "UPDATE",
            update.formatted(
                "TASK_RUNNING", source, uuid, ",\"executor_id\":{\"value\":\"other\"}")),
        400,
        "'status.executor_id'");
  }

  private static void refused(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
  }
}
