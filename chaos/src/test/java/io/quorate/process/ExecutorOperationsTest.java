package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors where volumes are made and agents are drained. */
@Tag("process")
class ExecutorOperationsTest {
  @TempDir Path directory;
  private LocalCluster cluster;
  private ExecutorBench bench;
  private Hand hand;

  @BeforeEach
  void start() throws IOException {
    cluster = ExecutorBench.cluster(directory);
    bench = new ExecutorBench(cluster);
    hand = bench.hand;
  }

  @AfterEach
  void stop() {
    bench.close();
    cluster.close();
  }

  private static Resource.Builder disk() {
    return Resource.newBuilder()
        .setName("disk")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(100))
        .addReservations(
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.DYNAMIC)
                .setRole("dev"));
  }

  @Test
  @DisplayName("CP-287, CP-293 a drain ends the tasks of executors, within its grace")
  void shouldDrain() throws Exception {
    Offer offer = bench.offer();
    Offer.Operation.Builder group =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH_GROUP);
    group
        .getLaunchGroupBuilder()
        .setExecutor(
            ExecutorBench.plain("group")
                .setType(ExecutorInfo.Type.DEFAULT)
                .setFrameworkId(hand.client.frameworkId().orElseThrow()))
        .getTaskGroupBuilder()
        .addTasks(Hand.task(offer, "grouped", "trap '' TERM; while :; do sleep 0.1; done"));
    hand.accept(
        offer,
        group,
        Hand.launch(ExecutorBench.task(offer, "held", ExecutorBench.executor("own"), "run")));
    hand.awaitState("held", TaskState.TASK_RUNNING);
    hand.awaitState("grouped", TaskState.TASK_RUNNING);
    String call =
        "{\"type\":\"DRAIN_AGENT\",\"drain_agent\":{\"agent_id\":{\"value\":\""
            + offer.getAgentId().getValue()
            + "\"},\"max_grace_period\":{\"seconds\":1}}}";
    assertThat(operator(call)).isEmpty();
    for (String task : new String[] {"held", "grouped"}) {
      assertThat(hand.awaitState(task, TaskState.TASK_KILLED).getReason())
          .as(task)
          .isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    }
    bench.awaitLine("own", "kill held 1000000000");
    await("drained")
        .atMost(LONG)
        .until(() -> operator("{\"type\":\"GET_AGENTS\"}").contains("\"DRAINED\""));
  }

  private String operator(String call) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + cluster.masters().get(0) + "/api/v1"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(call))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  @Test
  @DisplayName("CP-141 the volume of a task is in the sandbox of its executor before the launch")
  void shouldLinkVolumes() throws IOException {
    Resource.Builder volume = disk();
    volume.getDiskBuilder().getPersistenceBuilder().setId("v1");
    volume
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW));
    Offer offer = bench.offer();
    Offer.Operation.Builder reserve =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.RESERVE);
    reserve.getReserveBuilder().addResources(disk());
    Offer.Operation.Builder create =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.CREATE);
    create.getCreateBuilder().addVolumes(volume);
    hand.accept(
        offer,
        reserve,
        create,
        Hand.launch(
            ExecutorBench.task(offer, "stores", ExecutorBench.executor("keeper"), "run")
                .addResources(volume)));
    hand.awaitState("stores", TaskState.TASK_RUNNING);
    Files.writeString(bench.sandbox("keeper").resolve("data/file"), "kept");
    assertThat(cluster.directory().resolve("agent0/volumes/roles/dev/v1/file")).hasContent("kept");
  }
}
