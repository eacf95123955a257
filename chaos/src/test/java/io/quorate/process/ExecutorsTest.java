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
  @DisplayName("CP-310 tasks wait for an executor that is starting, in order")
  void shouldDeliverTasksInOrder() {
    // given
    Offer offer = bench.offer();
    ExecutorInfo.Builder executor = ExecutorBench.executor("ordered");

    // when
    hand.accept(
        offer,
        Hand.launch(ExecutorBench.task(offer, "o1", executor, "run")),
        Hand.launch(ExecutorBench.task(offer, "o2", executor, "finish")));
    hand.awaitState("o1", TaskState.TASK_RUNNING);
    hand.awaitState("o2", TaskState.TASK_FINISHED);

    // then
    assertThat(bench.lines("ordered")).containsSubsequence("launch o1", "launch o2");
  }

  @Test
  @DisplayName("CP-309 an executor is told who it is, for whom, where and in which container")
  void shouldTellAnExecutorWhoItIs() {
    // when
    Offer offer = bench.launch("t", ExecutorBench.executor("told"), "run");
    TaskStatus status = hand.awaitState("t", TaskState.TASK_RUNNING);

    // then
    String container = status.getContainerStatus().getContainerId().getValue();
    assertThat(bench.lines("told"))
        .contains("subscribed told hand " + offer.getAgentId().getValue() + " " + container);
  }

  @Test
  @DisplayName("CP-316 CP-317 an executor finds ids, endpoint and directories in its environment")
  void shouldDescribeTheWorldToAnExecutor() {
    // when
    Offer offer = bench.launch("t", ExecutorBench.executor("reads"), "run");
    TaskStatus status = hand.awaitState("t", TaskState.TASK_RUNNING);

    // then
    String container = status.getContainerStatus().getContainerId().getValue();
    Path sandbox = bench.sandbox("reads").resolveSibling(container);
    assertThat(bench.lines("reads"))
        .contains(
            "env MESOS_FRAMEWORK_ID=" + bench.framework(),
            "env MESOS_EXECUTOR_ID=reads",
            "env MESOS_SLAVE_ID=" + offer.getAgentId().getValue(),
            "env MESOS_AGENT_ENDPOINT=" + cluster.agents().get(0),
            "env MESOS_DIRECTORY=" + sandbox,
            "env MESOS_SANDBOX=" + sandbox,
            "env MESOS_CHECKPOINT=1",
            "env MESOS_RECOVERY_TIMEOUT=15mins");
  }

  @Test
  @DisplayName("CP-318 CP-319 an executor finds its grace, and its own variables win")
  void shouldLetOwnVariablesWin() {
    // when
    bench.launch("t", ExecutorBench.executor("own"), "run");
    hand.awaitState("t", TaskState.TASK_RUNNING);

    // then
    assertThat(bench.lines("own"))
        .contains(
            "env MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD=1secs",
            "env OWN=own",
            "env LIBPROCESS_PORT=7");
  }

  @Test
  @DisplayName("CP-346 an executor's update says from whom it is, and an address")
  void shouldCompleteUpdates() {
    // when
    Offer offer = bench.launch("t", ExecutorBench.executor("updates"), "run");
    TaskStatus status = hand.awaitState("t", TaskState.TASK_RUNNING);

    // then
    assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(status.getExecutorId().getValue()).isEqualTo("updates");
    assertThat(status.getAgentId()).isEqualTo(offer.getAgentId());
    assertThat(status.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress())
        .isEqualTo("127.0.0.1");
  }

  @Test
  @DisplayName("CP-314 an executor's update is acknowledged, and its stream has heartbeats")
  void shouldAcknowledgeUpdates() {
    // when
    bench.launch("t", ExecutorBench.executor("acknowledged"), "run");

    // then
    bench.awaitLine("acknowledged", "acknowledged t");
    bench.awaitLine("acknowledged", "heartbeat");
  }

  @Test
  @DisplayName("CP-162 a message comes to an executor byte for byte, and one back")
  void shouldCarryMessages() {
    // given
    Offer offer = bench.launch("talks", ExecutorBench.executor("talker"), "run");
    hand.awaitState("talks", TaskState.TASK_RUNNING);

    // when
    bench.message(offer.getAgentId(), "talker", "\u0000 ping \u00e9");
    await("the echo").atMost(LONG).until(() -> hand.events.stream().anyMatch(Event::hasMessage));

    // then
    Event.Message echo =
        hand.events.stream().filter(Event::hasMessage).findFirst().orElseThrow().getMessage();
    assertThat(echo.getData().toStringUtf8()).isEqualTo("\u0000 ping \u00e9");
    assertThat(echo.getExecutorId().getValue()).isEqualTo("talker");
  }

  @Test
  @DisplayName("CP-150 a kill comes to the executor together with its policy")
  void shouldTellAnExecutorToKill() {
    // given
    bench.launch("victim", ExecutorBench.executor("killer"), "run");
    hand.awaitState("victim", TaskState.TASK_RUNNING);

    // when
    bench.kill("victim", 2_500_000_000L);
    hand.awaitState("victim", TaskState.TASK_KILLED);

    // then
    assertThat(bench.lines("killer")).contains("kill victim 2500000000");
  }

  @Test
  @DisplayName("CP-154 CP-171 SHUTDOWN ends an executor, and its framework is told the status")
  void shouldShutDownAnExecutor() {
    // given
    Offer offer = bench.launch("t", ExecutorBench.executor("obeys"), "run");
    hand.awaitState("t", TaskState.TASK_RUNNING);

    // when
    bench.shutdown(offer.getAgentId(), "obeys");

    // then
    assertThat(bench.awaitFailure("obeys").getStatus()).isZero();
    assertThat(bench.lines("obeys")).contains("shutdown");
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
  @DisplayName("CP-259, CP-263 an executor that ends takes its tasks with it; its id is free again")
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
  @DisplayName("CP-311 a wrong update of an executor is answered by the name of its field")
  void shouldRefuseWrongUpdates() throws Exception {
    bench.launch("never", mute("silent"), "run");
    await("it is there")
        .atMost(LONG)
        .until(() -> bench.call("silent", "HEARTBEAT", "").statusCode() == 403);
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

  @Test
  @DisplayName("CP-006 CP-313 executors that nobody knows are refused, under either path")
  void shouldRefuseUnknownExecutors() throws Exception {
    // given
    bench.launch("never", mute("silent"), "run");
    await("it is there")
        .atMost(LONG)
        .until(() -> bench.call("silent", "HEARTBEAT", "").statusCode() == 403);

    // when
    HttpResponse<String> early = bench.call("silent", "HEARTBEAT", "");
    HttpResponse<String> other = bench.call("other", "HEARTBEAT", "");
    HttpResponse<String> ofNobody =
        bench.call(
            "/slave(1)/api/v1/executor",
            bench.json("silent", "HEARTBEAT", "").replace(bench.framework(), "nobody"));

    // then
    assertThat(early.body()).isEqualTo("Executor is not subscribed");
    refused(other, 400, "Executor cannot be found");
    refused(ofNobody, 400, "Framework cannot be found");
  }

  @Test
  @DisplayName("CP-024 CP-025 a body that cannot be read, and one that lacks a part, are refused")
  void shouldRefuseWhatIsNoCall() throws Exception {
    // given
    bench.launch("never", mute("silent"), "run");
    await("it is there")
        .atMost(LONG)
        .until(() -> bench.call("silent", "HEARTBEAT", "").statusCode() == 403);

    // when
    HttpResponse<String> unknown = bench.call("silent", "UNKNOWN", "");
    HttpResponse<String> withoutPart = bench.call("silent", "MESSAGE", "");
    HttpResponse<String> unreadable = bench.call("/api/v1/executor", "{");

    // then
    refused(unknown, 501, "UNKNOWN");
    refused(withoutPart, 400, "'message'");
    refused(unreadable, 400, "Failed to parse");
  }

  private static void refused(HttpResponse<String> answer, int status, String text) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(text);
  }
}
