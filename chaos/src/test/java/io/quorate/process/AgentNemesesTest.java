package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.nemesis.Nemeses;
import io.quorate.chaos.nemesis.Nemesis;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are not who they were: no task runs twice, and none is told to be lost. */
@Tag("process")
class AgentNemesesTest {
  @TempDir static Path directory;
  private static Testbed bed;

  @BeforeAll
  static void start() throws IOException {
    bed = new Testbed(directory, List.of());
  }

  @AfterAll
  static void stop() {
    if (bed != null) {
      bed.close();
    }
  }

  @Test
  void shouldKeepTheTaskOfAClonedAgent() throws Exception {
    try (Hand hand = new Hand(bed.cluster.masterAddresses(), "dev")) {
      Offer offer = hand.offer();
      hand.accept(offer, Hand.launch(Hand.task(offer, "runs", "sleep 1000")));
      hand.awaitState("runs", TaskState.TASK_RUNNING);
      bed.during(
          "clone-agent",
          struck -> {
            ClusterNode agent = bed.struck(struck);
            String clone = struck.replaceAll(".*, ", "");
            Path log = agent.directory().resolveSibling(clone).resolve("daemon.log");
            await("the clone is refused")
                .atMost(Testbed.RECOVERY_MAX)
                .until(() -> Files.readString(log).contains(" 409 "));
            assertThat(bed.cluster.linked(agent)).isTrue();
          });
      assertThat(hand.statuses("runs"))
          .extracting(candidate -> candidate.getState())
          .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
      hand.client.teardown();
    }
  }

  @Test
  void shouldTakeBackOrRefuseAnOldCheckpoint() throws Exception {
    ClusterNode agent = bed.cluster.agents().get(0);
    String tasks = "ps -eo args | grep '[s]leep 100[01]' || true";
    try (Hand hand = new Hand(bed.cluster.masterAddresses(), "dev")) {
      Offer offer = hand.offer();
      hand.accept(offer, Hand.launch(Hand.task(offer, "before", "sleep 1000")));
      hand.awaitState("before", TaskState.TASK_RUNNING);
      // Nothing was done since: it is who it was, and its task is unharmed.
      bed.during(
          "old-checkpoint",
          struck ->
              await("it is back")
                  .atMost(Testbed.RECOVERY_MAX)
                  .until(() -> bed.cluster.linked(agent)));
      assertThat(hand.statuses("before"))
          .extracting(candidate -> candidate.getState())
          .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
      assertThat(agent.run(tasks)).contains("sleep 1000");

      // A command that it carried out and has forgotten: it must not carry out another one as that.
      var launched =
          CompletableFuture.runAsync(
              () -> {
                Offer next = hand.offer();
                hand.accept(next, Hand.launch(Hand.task(next, "since", "sleep 1001")));
                hand.awaitState("since", TaskState.TASK_RUNNING);
              },
              CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
      bed.during(
          "old-checkpoint",
          struck -> {
            launched.join();
            await("it is refused")
                .atMost(Testbed.RECOVERY_MAX)
                .until(() -> Testbed.log(agent).contains("its work_dir is not what it was"));
            assertThat(bed.cluster.linked(agent)).isFalse();
          });
      // It has begun anew, and what it had forgotten does not run on.
      assertThat(agent.run(tasks)).isEmpty();
      hand.client.teardown();
    }
  }

  /** Three strikes are all the ways in which it goes. */
  @Test
  void shouldEndTheTasksOfAnAgentThatGoesForGood() throws Exception {
    Nemesis nemesis = Nemeses.named("come-and-go");
    SplittableRandom random = new SplittableRandom(7);
    Set<String> ways = new TreeSet<>();
    try (Hand hand = new Hand(bed.cluster.masterAddresses(), "dev")) {
      for (String task : List.of("one", "two", "three")) {
        bed.during(
            nemesis,
            random,
            struck -> {
              ways.add(struck.replaceAll(".* ", ""));
              ClusterNode agent = bed.struck(struck);
              Offer offer = hand.offerOf(agent.name());
              // What only a SIGKILL ends.
              String stubborn = "trap '' TERM; sleep 1002 & wait; sleep 1002";
              hand.accept(offer, Hand.launch(Hand.task(offer, task, stubborn)));
              hand.awaitState(task, TaskState.TASK_RUNNING);
            });
        hand.awaitState(task, TaskState.TASK_GONE_BY_OPERATOR);
        ClusterNode gone = bed.cluster.goneAgents().get(bed.cluster.goneAgents().size() - 1);
        assertThat(bed.cluster.listed(gone)).as("the masters forget it").isEmpty();
        assertThat(gone.alive()).isFalse();
        assertThat(gone.run("ps -eo args | grep '[s]leep 1002' || true")).isEmpty();
      }
      assertThat(ways).containsExactly("drained", "killed", "stopped");
      hand.client.teardown();
    }
  }
}
