package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.nemesis.Nemeses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are slow, fail, or forget; a quorum goes on, and nobody serves what is wrong. */
@Tag("process")
class DiskNemesesTest {
  /** With this one the leader is hit. */
  private static final int SEED = 7;

  private static final int ALL_MASTERS_SLOW = 11;

  @TempDir static Path directory;
  private static Testbed bed;

  @BeforeAll
  static void start() throws IOException {
    bed =
        new Testbed(directory, List.of(), Nemeses.named("slow-fsync"), Nemeses.named("disk-full"));
  }

  @AfterAll
  static void stop() {
    if (bed != null) {
      bed.close();
    }
  }

  @Test
  void shouldBeSlow() throws Exception {
    bed.during(
        Nemeses.named("slow-fsync"),
        new SplittableRandom(ALL_MASTERS_SLOW),
        struck -> {
          assertThat(struck).startsWith("master0 master1 master2").contains("500 ms");
          long before = System.nanoTime();
          assertThat(bed.tryWrite()).isTrue();
          assertThat((System.nanoTime() - before) / 1_000_000).isGreaterThan(500);
        });
  }

  @Test
  void shouldFailStop() throws Exception {
    bed.during(
        "fsync-error",
        struck -> {
          ClusterNode master = bed.struck(struck);
          await("it ends")
              .atMost(Testbed.RECOVERY_MAX)
              .until(() -> bed.tryWrite() && !master.alive());
          assertThat(Testbed.log(master)).contains("FAULT: Raft reported an error");
        });
  }

  @Test
  void shouldGoOnWithoutSpace() throws Exception {
    bed.during(
        "disk-full",
        struck -> {
          ClusterNode master = bed.struck(struck);
          for (int i = 0; i < 50; i++) {
            bed.write();
          }
          // It goes on in what its log has set aside, but without a journal; or it ends.
          assertThat(Testbed.log(master)).containsPattern("FAULT|journal failed");
        });
  }

  @Test
  void shouldSurviveLossOfPower() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (String name : List.of("lost-writes", "torn-writes", "torn-writes", "lost-writes")) {
      for (int i = 0; i < 20; i++) {
        bed.write();
      }
      bed.during(Nemeses.named(name), random, struck -> assertThat(struck).contains("are lost"));
    }
  }

  @Test
  void shouldRefuseOrGoOn() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    for (String name :
        List.of("bit-flip-vote", "bit-flip-journal", "bit-flip-log", "bit-flip-snapshot")) {
      bed.during(
          Nemeses.named(name),
          random,
          struck ->
              assertThat(struck).containsPattern(": refused: .*(FAULT|cannot start)|: went on"));
    }
  }
}
