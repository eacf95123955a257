package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.CheckStatusInfo;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks and health checks of command tasks. */
@Tag("process")
class ChecksTest {
  private static final String FOR_EVER = "while :; do sleep 0.1; done";

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private ExecutorBench bench;
  private HttpServer server;
  private final AtomicInteger status = new AtomicInteger(200);

  @BeforeAll
  static void startCluster() throws IOException {
    cluster = ExecutorBench.cluster(directory);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void start() throws IOException {
    bench = new ExecutorBench(cluster);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "/health");
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(status.get(), -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    bench.close();
  }

  private static HealthCheck.Builder health(HealthCheck.Type type) {
    return HealthCheck.newBuilder()
        .setType(type)
        .setDelaySeconds(0)
        .setIntervalSeconds(0.1)
        .setGracePeriodSeconds(0);
  }

  private void launch(TaskInfo.Builder task, Offer offer) {
    bench.hand.accept(offer, Hand.launch(task));
  }

  private List<TaskStatus> told(String task, TaskStatus.Reason reason) {
    return bench.hand.statuses(task).stream()
        .filter(status -> status.hasReason() && status.getReason() == reason)
        .toList();
  }

  private List<TaskStatus> health(String task) {
    return told(task, TaskStatus.Reason.REASON_TASK_HEALTH_CHECK_STATUS_UPDATED);
  }

  private void awaitHealthy(String task) {
    await(task + " is healthy")
        .atMost(LONG)
        .until(() -> health(task).stream().anyMatch(TaskStatus::getHealthy));
  }

  @Test
  @DisplayName("CP-353 a command that fails three times in a row ends the task, healthy: false")
  void shouldEndUnhealthy() {
    Offer offer = bench.offer();
    TaskInfo.Builder task = Hand.task(offer, "ill", "touch ok; sleep 2; rm ok; " + FOR_EVER);
    task.setHealthCheck(
        health(HealthCheck.Type.COMMAND)
            .setDelaySeconds(0.5)
            .setCommand(CommandInfo.newBuilder().setValue("test -e ok -a -n \"$MESOS_TASK_ID\"")));
    launch(task, offer);
    TaskStatus end = bench.hand.awaitState("ill", TaskState.TASK_KILLED);
    assertThat(end.hasHealthy()).isTrue();
    assertThat(end.getHealthy()).isFalse();
    assertThat(health("ill"))
        .extracting(TaskStatus::getHealthy)
        .containsExactly(true, false, false, false);
  }

  @Test
  @DisplayName("CP-355 HTTP follows redirects; TCP connects, or fails")
  void shouldAskPorts() throws IOException {
    Offer offer = bench.offer();
    HealthCheck.Builder http = health(HealthCheck.Type.HTTP);
    http.getHttpBuilder().setPort(server.getAddress().getPort()).setPath("/moved");
    HealthCheck.Builder tcp = health(HealthCheck.Type.TCP);
    tcp.getTcpBuilder().setPort(server.getAddress().getPort());
    HealthCheck.Builder closed = health(HealthCheck.Type.TCP);
    try (ServerSocket free = new ServerSocket(0)) {
      closed.getTcpBuilder().setPort(free.getLocalPort());
    }
    bench.hand.accept(
        offer,
        Hand.launch(Hand.task(offer, "http", FOR_EVER).setHealthCheck(http)),
        Hand.launch(Hand.task(offer, "tcp", FOR_EVER).setHealthCheck(tcp)),
        Hand.launch(Hand.task(offer, "closed", FOR_EVER).setHealthCheck(closed)));
    awaitHealthy("http");
    awaitHealthy("tcp");
    bench.hand.awaitState("closed", TaskState.TASK_KILLED);
  }

  @Test
  @DisplayName("CP-356 another result of a check is told, and every update has the latest")
  void shouldTellResults() {
    Offer offer = bench.offer();
    TaskInfo.Builder task = Hand.task(offer, "checked", FOR_EVER);
    task.getCheckBuilder()
        .setType(CheckInfo.Type.HTTP)
        .setDelaySeconds(0.2)
        .setIntervalSeconds(0.1)
        .getHttpBuilder()
        .setPort(server.getAddress().getPort())
        .setPath("/");
    launch(task, offer);
    awaitResult(200);
    status.set(503);
    awaitResult(503);
    TaskStatus first = bench.hand.awaitState("checked", TaskState.TASK_RUNNING);
    assertThat(first.getCheckStatus())
        .isEqualTo(
            CheckStatusInfo.newBuilder()
                .setType(CheckInfo.Type.HTTP)
                .setHttp(CheckStatusInfo.Http.getDefaultInstance())
                .build());
    bench.kill("checked", 0);
    TaskStatus end = bench.hand.awaitState("checked", TaskState.TASK_KILLED);
    assertThat(end.getCheckStatus().getHttp().getStatusCode()).isEqualTo(503);
    assertThat(told("checked", TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED)).hasSize(2);
  }

  private void awaitResult(int code) {
    await("the result " + code)
        .atMost(LONG)
        .until(
            () ->
                told("checked", TaskStatus.Reason.REASON_TASK_CHECK_STATUS_UPDATED).stream()
                    .anyMatch(
                        candidate -> candidate.getCheckStatus().getHttp().getStatusCode() == code));
  }
}
