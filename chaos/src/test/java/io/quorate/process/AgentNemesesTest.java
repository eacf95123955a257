package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.Node;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
            Node agent = bed.struck(struck);
            Path log = agent.directory().resolveSibling("agent1").resolve("daemon.log");
            await("the clone is refused")
                .atMost(Testbed.RECOVERY_MAX)
                .until(() -> java.nio.file.Files.readString(log).contains(" 409 "));
            assertThat(bed.cluster.linked(agent)).isTrue();
          });
      assertThat(hand.statuses("runs"))
          .extracting(each -> each.getState())
          .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
      hand.client.teardown();
    }
  }
}
