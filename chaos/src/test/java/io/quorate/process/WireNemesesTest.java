package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.nemesis.Nemeses;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames that are late, in another order, or there twice. */
@Tag("process")
class WireNemesesTest {
  /** With this one it is 150 ms. */
  private static final int LONG_DELAY = 10;

  /** Hundreds of frames: the mildest strike, one frame in twenty, befalls some of them. */
  private static final String LONG_CALL = "{\"type\":\"GET_HEALTH\"}" + " ".repeat(500_000);

  @TempDir static Path directory;
  private static Testbed bed;

  @BeforeAll
  static void start() throws IOException {
    bed = new Testbed(directory, List.of(), Nemeses.named("delay"));
  }

  @AfterAll
  static void stop() {
    if (bed != null) {
      bed.close();
    }
  }

  /** A counter of the node's TCP, as its kernel names it. */
  private static long counted(ClusterNode node, String name) throws IOException {
    List<String> lines = node.run("grep ^TcpExt /proc/net/netstat").lines().toList();
    int at = List.of(lines.get(0).split(" ")).indexOf(name);
    return Long.parseLong(lines.get(1).split(" ")[at]);
  }

  private static void awaitCounted(String struck, String name) throws IOException {
    ClusterNode node = bed.struck(struck);
    long before = counted(node, name);
    await(name + " at " + node)
        .atMost(Testbed.RECOVERY_MAX)
        .until(
            () -> {
              bed.operator(node, LONG_CALL);
              return counted(node, name) > before;
            });
  }

  @Test
  void shouldDelay() throws Exception {
    bed.during(
        Nemeses.named("delay"),
        new SplittableRandom(LONG_DELAY),
        struck -> {
          ClusterNode node = bed.struck(struck);
          long before = System.nanoTime();
          new Socket(node.ip(), 5050).close();
          long millis = (System.nanoTime() - before) / 1_000_000;
          int delay = Integer.parseInt(struck.replaceAll(".*: ([0-9]+) to .*", "$1"));
          // There and back. Longer than an election may last, so nobody need lead.
          assertThat(millis).isGreaterThanOrEqualTo(2 * delay);
        });
  }

  @Test
  void shouldDuplicate() throws Exception {
    bed.during("duplicate", struck -> awaitCounted(struck, "TCPDSACKOldSent"));
  }

  @Test
  void shouldReorder() throws Exception {
    bed.during("reorder", struck -> awaitCounted(struck, "TCPOFOQueue"));
  }
}
