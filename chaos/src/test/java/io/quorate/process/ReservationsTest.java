package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cluster.LocalCluster;
import io.quorate.driver.Outcome;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reservations, volumes and drains with real masters and a real agent, whoever is killed. */
@Tag("process")
class ReservationsTest {
  private static final Duration LONG = Duration.ofSeconds(150);

  @TempDir Path directory;
  private LocalCluster cluster;
  private Hand hand;

  @BeforeEach
  void start() throws IOException {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:512;disk:1000", false));
    cluster.awaitServing(LONG);
    hand = new Hand(cluster.masters(), "dev");
  }

  @AfterEach
  void stop() {
    hand.client.teardown();
    hand.close();
    cluster.close();
  }

  private static Resource disk(double value) {
    return Resource.newBuilder()
        .setName("disk")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .addReservations(
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.DYNAMIC)
                .setRole("dev"))
        .build();
  }

  private static Resource volume() {
    Resource.Builder volume = disk(100).toBuilder();
    volume.getDiskBuilder().getPersistenceBuilder().setId("v1");
    volume
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW));
    return volume.build();
  }

  private static Offer.Operation.Builder operation(Offer.Operation.Type type, String id) {
    Offer.Operation.Builder operation = Offer.Operation.newBuilder().setType(type);
    operation.getIdBuilder().setValue(id);
    return operation;
  }

  private static boolean hasVolume(Offer offer) {
    return offer.getResourcesList().stream()
        .anyMatch(resource -> resource.getDisk().getPersistence().getId().equals("v1"));
  }

  private Offer offerWithVolume() {
    await("the volume on offer")
        .atMost(LONG)
        .until(() -> hand.offers.values().stream().anyMatch(ReservationsTest::hasVolume));
    return hand.offers.values().stream().filter(ReservationsTest::hasVolume).findFirst().get();
  }

  private Path onDisk() {
    return directory.resolve("cluster/agent0/volumes/roles/dev/v1");
  }

  /** Reserves, creates the volume and writes into it, all in one ACCEPT. */
  private void writeIntoNewVolume() {
    Offer offer = hand.offer();
    Offer.Operation.Builder reserve = operation(Offer.Operation.Type.RESERVE, "reserve");
    reserve.getReserveBuilder().addResources(disk(100));
    Offer.Operation.Builder create = operation(Offer.Operation.Type.CREATE, "create");
    create.getCreateBuilder().addVolumes(volume());
    hand.accept(
        offer,
        reserve,
        create,
        Hand.launch(Hand.task(offer, "writes", "echo kept > data/file").addResources(volume())));
    hand.awaitState("writes", TaskState.TASK_FINISHED);
  }

  @Test
  @DisplayName("CP-213, CP-214 operations with ids end with a status that has a uuid")
  void shouldTellTheEndOfOperations() {
    // when
    writeIntoNewVolume();

    // then
    for (String id : List.of("reserve", "create")) {
      await(id).atMost(LONG).until(() -> !hand.operations(id).isEmpty());
      assertThat(hand.operations(id).get(0).getState())
          .isEqualTo(OperationState.OPERATION_FINISHED);
      assertThat(hand.operations(id).get(0).hasUuid()).isTrue();
    }
  }

  @Test
  @DisplayName("CP-207, CP-306 what a task wrote into a volume outlives task, agent and leader")
  void shouldKeepData() throws IOException {
    // given
    writeIntoNewVolume();

    // when
    cluster.killAgent(0);
    cluster.killMaster(cluster.leader().orElseThrow());
    cluster.restartAgent(0);
    Offer again = offerWithVolume();
    hand.accept(
        again,
        Hand.launch(Hand.task(again, "reads", "grep kept data/file").addResources(volume())));

    // then
    hand.awaitState("reads", TaskState.TASK_FINISHED);
    assertThat(Files.readString(onDisk().resolve("file"))).isEqualTo("kept\n");
  }

  @Test
  @DisplayName("CP-204, CP-209 a volume is offered as such; DESTROY deletes what is in it")
  void shouldDestroyVolume() {
    // given
    writeIntoNewVolume();
    Offer offer = offerWithVolume();
    assertThat(onDisk()).exists();

    // when
    Offer.Operation.Builder destroy = operation(Offer.Operation.Type.DESTROY, "destroy");
    destroy.getDestroyBuilder().addVolumes(volume());
    hand.accept(offer, destroy);

    // then
    await("the data gone").atMost(LONG).until(() -> !Files.exists(onDisk()));
    await("the disk on offer, still reserved")
        .atMost(LONG)
        .until(
            () ->
                hand.offers.values().stream()
                    .flatMap(offered -> offered.getResourcesList().stream())
                    .anyMatch(
                        resource ->
                            resource.getReservationsCount() == 1
                                && !resource.getDisk().hasPersistence()));
  }

  @Test
  @DisplayName("CP-250 an offer outlives the leader under its id, and is used under the next")
  void shouldKeepOffers() throws IOException {
    Offer offer = hand.offer();
    hand.offers.clear();
    int before = hand.events.size();
    cluster.killMaster(cluster.leader().orElseThrow());
    Offer again = hand.offer();
    assertThat(again.getId()).isEqualTo(offer.getId());
    assertThat(again.getResourcesList()).isEqualTo(offer.getResourcesList());
    assertThat(hand.events.subList(before, hand.events.size()))
        .noneMatch(event -> event.hasRescind());
    Outcome outcome = hand.accept(again, Hand.launch(Hand.task(again, "t", "true")));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    hand.awaitState("t", TaskState.TASK_FINISHED);
  }

  @Test
  @DisplayName("CP-124 a scheduler that was away gets exactly what it missed, from another leader")
  void shouldTellWhatWasMissed() throws Exception {
    Path ends = directory.resolve("ends");
    Offer offer = hand.offer();
    hand.accept(
        offer,
        Hand.launch(
            Hand.task(offer, "t", "while [ ! -e " + ends + " ]; do sleep 0.1; done; exit 3")));
    hand.awaitState("t", TaskState.TASK_RUNNING);
    hand.awaitAcknowledged();
    FrameworkInfo known = Hand.info("dev").setId(hand.client.frameworkId().orElseThrow()).build();
    hand.close();
    long lastIndex = hand.events.stream().mapToLong(Event::getLogIndex).max().orElseThrow();
    await("the stream's end").atMost(LONG).until(() -> !connected(known));

    Files.createFile(ends);
    await("the end of the task, told to the masters")
        .atMost(LONG)
        .until(() -> state().toString().contains("TASK_FAILED"));
    cluster.killMaster(cluster.leader().orElseThrow());
    hand = new Hand(cluster.masters(), known, lastIndex);
    hand.awaitState("t", TaskState.TASK_FAILED);
    Offer next = hand.offer();
    hand.accept(next, Hand.launch(Hand.task(next, "after", "true")));
    hand.awaitState("after", TaskState.TASK_FINISHED);

    // Not RUNNING, which it had acknowledged; and the agent repeats an update to a new leader that
    // it has no acknowledgement of yet.
    assertThat(hand.statuses("t"))
        .allMatch(candidate -> candidate.getState() == TaskState.TASK_FAILED);
    assertThat(hand.statuses("t").stream().map(TaskStatus::getUuid).distinct()).hasSize(1);
    assertThat(hand.events.get(0).hasSubscribed()).isTrue();
    assertThat(hand.events.subList(1, hand.events.size()))
        .filteredOn(event -> event.getType() != Event.Type.HEARTBEAT)
        .allMatch(event -> event.getLogIndex() > lastIndex);
    long index = updateIndex(hand, TaskState.TASK_FAILED);
    String leader = cluster.masters().get(cluster.leader().orElseThrow());
    String entry =
        cluster.reader().get(leader, "/quorate/log?index=" + index).orElseThrow().toString();
    assertThat(entry)
        .contains("\"call\":{\"agent\"", "\"task_status_updated\"", "TASK_FAILED", "status 3");
  }

  private static long updateIndex(Hand hand, TaskState state) {
    return hand.events.stream()
        .filter(Event::hasUpdate)
        .filter(event -> event.getUpdate().getStatus().getState() == state)
        .mapToLong(Event::getLogIndex)
        .findFirst()
        .orElseThrow();
  }

  private JsonNode state() {
    return cluster
        .leader()
        .flatMap(leader -> cluster.reader().get(cluster.masters().get(leader), "/state"))
        .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
  }

  private boolean connected(FrameworkInfo framework) {
    for (JsonNode otherFramework : state().path("frameworks")) {
      if (otherFramework.path("id").asText().equals(framework.getId().getValue())) {
        return otherFramework.path("connected").asBoolean();
      }
    }
    return true;
  }

  @Test
  @DisplayName("CP-290, CP-293 a drained agent's tasks end, and it is offered later")
  void shouldDrain() throws Exception {
    Offer offer = hand.offer();
    hand.accept(
        offer, Hand.launch(Hand.task(offer, "sleeps", "trap '' TERM; while :; do sleep 1; done")));
    hand.awaitState("sleeps", TaskState.TASK_RUNNING);
    String agent = "\"agent_id\":{\"value\":\"" + offer.getAgentId().getValue() + "\"}";
    assertThat(
            operator(
                "{\"type\":\"DRAIN_AGENT\",\"drain_agent\":{"
                    + agent
                    + ",\"max_grace_period\":{\"seconds\":1}}}"))
        .isEmpty();
    TaskStatus status = hand.awaitState("sleeps", TaskState.TASK_KILLED);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    await("drained")
        .atMost(LONG)
        .until(() -> operator("{\"type\":\"GET_AGENTS\"}").contains("\"DRAINED\""));
    hand.offers.clear();
    assertThat(operator("{\"type\":\"REACTIVATE_AGENT\",\"reactivate_agent\":{" + agent + "}}"))
        .isEmpty();
    Offer next = hand.offer();
    hand.accept(next, Hand.launch(Hand.task(next, "after", "true")));
    hand.awaitState("after", TaskState.TASK_FINISHED);
  }

  private String operator(String call) throws IOException, InterruptedException {
    String leader = cluster.masters().get(cluster.leader().orElseThrow());
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + leader + "/api/v1"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(call))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }
}
