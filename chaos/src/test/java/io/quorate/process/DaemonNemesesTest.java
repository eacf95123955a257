package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ClusterNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each strike at daemons has its effect, and healing brings the cluster back. */
@Tag("process")
class DaemonNemesesTest {
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

  private static List<ClusterNode> dead() {
    return bed.cluster.masters().stream().filter(master -> !master.alive()).toList();
  }

  @Test
  void shouldKillOne() throws Exception {
    bed.during(
        "kill",
        struck -> {
          assertThat(bed.struck(struck).alive()).isFalse();
          bed.write();
        });
  }

  @Test
  void shouldKillMajority() throws Exception {
    bed.during(
        "kill-majority",
        struck -> {
          assertThat(dead()).hasSize(2);
          assertThat(bed.tryWrite()).isFalse();
        });
  }

  @Test
  void shouldKillAll() throws Exception {
    bed.during("kill-all", struck -> assertThat(dead()).hasSize(3));
  }

  @Test
  void shouldStop() throws Exception {
    bed.during(
        "stop",
        struck -> {
          assertThat(bed.struck(struck).alive()).isFalse();
          bed.write();
        });
  }

  @Test
  void shouldPause() throws Exception {
    bed.during(
        "pause",
        struck -> {
          assertThat(bed.struck(struck).alive()).isTrue();
          assertThat(bed.cluster.reader().status(bed.struck(struck).address())).isEmpty();
          bed.write();
        });
  }

  @Test
  void shouldPauseAgent() throws Exception {
    bed.during(
        "pause-agent",
        struck -> {
          ClusterNode agent = bed.struck(struck);
          assertThat(agent.alive()).isTrue();
          assertThat(bed.cluster.reader().get(agent.address(), "/health")).isEmpty();
        });
  }

  @Test
  void shouldKillAgent() throws Exception {
    bed.during(
        "kill-agent",
        struck -> {
          ClusterNode agent = bed.struck(struck);
          assertThat(agent.alive()).isFalse();
          await("the leader misses it").until(() -> !bed.cluster.linked(agent));
        });
  }

  @Test
  void shouldStormAndRoll() throws Exception {
    bed.during("restart-storm", struck -> {});
    bed.during("rolling-restart", struck -> assertThat(struck).startsWith("all masters"));
  }
}
