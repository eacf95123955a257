package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frameworks that behave badly, and a herd of clients that comes back at once. */
@Tag("process")
class ClientNemesesTest {
  @TempDir static Path directory;
  private static Testbed bed;

  @BeforeAll
  static void start() throws IOException {
    bed = new Testbed(directory, List.of("--offer_timeout=2secs"));
  }

  @AfterAll
  static void stop() {
    if (bed != null) {
      bed.close();
    }
  }

  private static String said(String stranger) throws IOException {
    return Files.readString(directory.resolve("nodes").resolve(stranger).resolve("daemon.log"));
  }

  private static long count(String stranger, String what) throws IOException {
    return said(stranger).lines().filter(line -> line.startsWith(what)).count();
  }

  @Test
  void shouldTakeOffersBackFromAHoarder() throws Exception {
    bed.during(
        "hoarder",
        struck -> {
          String hoarder = struck.split(" ")[0];
          await("an offer").atMost(Testbed.RECOVERY_MAX).until(() -> count(hoarder, "offers") > 0);
          // --offer_timeout gives it back to all, and this one uses it.
          try (Hand hand = new Hand(bed.cluster.masterAddresses(), "dev")) {
            Offer offer = hand.offer();
            hand.accept(offer, Hand.launch(Hand.task(offer, "t", "true")));
            hand.awaitState("t", TaskState.TASK_FINISHED);
            hand.client.teardown();
          }
        });
  }

  @Test
  void shouldLetOneOfTwoSchedulersIn() throws Exception {
    bed.during(
        "two-schedulers",
        struck -> {
          List<String> twins = List.of(struck.split(" ")).subList(0, 2);
          for (String twin : twins) {
            await(twin + " loses the id")
                .atMost(Testbed.RECOVERY_MAX)
                .until(() -> count(twin, "ended: ") > 1);
          }
          assertThat(
                  said(twins.get(0))
                      .lines()
                      .filter(line -> line.startsWith("subscribed: "))
                      .distinct())
              .hasSize(1);
          bed.write();
        });
  }

  @Test
  void shouldOutliveHangingExecutors() throws Exception {
    ClusterNode agent = bed.cluster.agents().get(0);
    String hanging = "ps -eo args | grep '[h]angs-[0-9]' || true";
    bed.during(
        "hanging-executor",
        struck ->
            await("one hangs")
                .atMost(Testbed.RECOVERY_MAX)
                .until(() -> !agent.run(hanging).isEmpty()));
    await("it is killed with its framework")
        .atMost(Testbed.RECOVERY_MAX)
        .until(() -> agent.run(hanging).isEmpty());
  }

  @Test
  void shouldTakeTheHerdBack() throws Exception {
    try (Hand hand = new Hand(bed.cluster.masterAddresses(), "dev")) {
      hand.offer();
      long before = subscriptions(hand);
      bed.during(
          "herd",
          struck ->
              await("it is back")
                  .atMost(Testbed.RECOVERY_MAX)
                  .until(() -> subscriptions(hand) > before));
      hand.client.teardown();
    }
  }

  private static long subscriptions(Hand hand) {
    return hand.events.stream().filter(event -> event.hasSubscribed()).count();
  }
}
