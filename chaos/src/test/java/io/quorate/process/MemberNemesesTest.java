package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.cluster.ClusterNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come and go, with and without their disks. */
@Tag("process")
class MemberNemesesTest {
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
  void shouldReplaceALostDisk() throws Exception {
    bed.during(
        "disk-loss",
        struck -> {
          assertThat(bed.struck(struck).work()).isEmptyDirectory();
          bed.write();
        });
    assertThat(bed.cluster.masters()).hasSize(3);
  }

  @Test
  void shouldAddAndRemove() throws Exception {
    bed.during("member-add-remove", struck -> assertThat(bed.cluster.masters()).hasSize(4));
    assertThat(bed.cluster.masters()).hasSize(3);
  }

  @Test
  void shouldReplace() throws Exception {
    bed.during("member-replace", struck -> bed.write());
  }

  @Test
  void shouldHandOver() throws Exception {
    bed.during("transfer", struck -> bed.write());
  }

  @Test
  void shouldInstallASnapshot() throws Exception {
    ClusterNode[] away = new ClusterNode[1];
    bed.during(
        "snapshot-under-load",
        struck -> {
          away[0] = bed.struck(struck);
          bed.write();
        });
    try (var all = Files.list(away[0].work().resolve("snapshot"))) {
      assertThat(all.toList()).as("snapshots of %s", away[0]).isNotEmpty();
    }
  }
}
