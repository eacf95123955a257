package io.quorate.agent.gc;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.flags.GarbageCollectionSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxGarbageCollectorTest {
  private static final Instant NOW = Instant.parse("2026-01-31T00:00:00Z");

  @TempDir Path directory;
  private final GarbageCollectionSettings settings =
      new GarbageCollectionSettings(Duration.ofDays(7), 0.1, Duration.ofMinutes(1));

  private SandboxGarbageCollector collector(String... running) {
    return new SandboxGarbageCollector(
        directory.resolve("slaves"), settings, () -> Set.of(running));
  }

  /** A sandbox that was used last some days ago. */
  private Path sandbox(String executor, String run, double daysAgo) throws IOException {
    Path runs = directory.resolve("slaves/S0/frameworks/F/executors/" + executor + "/runs");
    Path sandbox = Files.createDirectories(runs.resolve(run));
    Files.writeString(sandbox.resolve("stdout"), "x");
    Files.deleteIfExists(runs.resolve("latest"));
    Files.createSymbolicLink(runs.resolve("latest"), Path.of(run));
    age(sandbox, daysAgo);
    return sandbox;
  }

  private static void age(Path directory, double daysAgo) throws IOException {
    Instant time = NOW.minus(Duration.ofMinutes(Math.round(daysAgo * 24 * 60)));
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!Files.isSymbolicLink(file)) {
          Files.setLastModifiedTime(file, FileTime.from(time));
        }
      }
    }
  }

  @Test
  @DisplayName("CP-337 a week, less by the part of the disk that is used or is to stay free")
  void shouldReckon() {
    assertThat(collector().ageMax(0)).isEqualTo(Duration.ofDays(7).multipliedBy(9).dividedBy(10));
    assertThat(collector().ageMax(0.4)).isEqualTo(Duration.ofDays(7).dividedBy(2));
    assertThat(collector().ageMax(0.95)).isZero();
  }

  @Test
  @DisplayName("CP-337 old sandboxes go, others and those in use stay; links are not followed")
  void shouldClean() throws IOException {
    // given
    Path volume = Files.createDirectories(directory.resolve("volumes/v"));
    Files.writeString(volume.resolve("data"), "kept");
    Path gone = sandbox("a", "r1", 8);
    Files.createSymbolicLink(gone.resolve("data"), volume);
    age(gone, 8);
    Path used = sandbox("b", "r2", 8);
    Path recent = sandbox("c", "r3", 5);
    // when
    collector("r2").collect(0, NOW);
    // then
    assertThat(gone).doesNotExist();
    assertThat(used).exists();
    assertThat(recent).exists();
    assertThat(volume.resolve("data")).hasContent("kept");
    // when
    collector("r2").collect(0.9, NOW);
    // then
    assertThat(used).exists();
    assertThat(recent).doesNotExist();
  }

  @Test
  @DisplayName("directories without sandboxes go, the link to the last one with them")
  void shouldRemoveEmpty() throws IOException {
    // given
    sandbox("a", "r1", 8);
    collector().collect(0, NOW);
    Path executor = directory.resolve("slaves/S0/frameworks/F/executors/a");
    assertThat(executor.resolve("runs")).exists();
    // when
    Instant later = Instant.now().plus(Duration.ofMinutes(2));
    collector().collect(0, later);
    collector().collect(0, later);
    // then
    assertThat(executor.resolve("runs")).doesNotExist();
  }

  @Test
  @DisplayName("a sandbox that cannot be removed does not keep the others, and is tried again")
  void shouldGoOnBehindOneThatIsStuck() throws IOException {
    // given
    Path stuck = sandbox("a", "r1", 8);
    sandbox("b", "r2", 8);
    sandbox("c", "r3", 8);
    List<Path> removed = new ArrayList<>();
    SandboxGarbageCollector collector =
        new SandboxGarbageCollector(
            directory.resolve("slaves"),
            settings,
            () -> Set.of(),
            run -> {
              if (run.equals(stuck)) {
                throw new IOException("Operation not permitted");
              }
              removed.add(run.getFileName());
            });
    // when
    collector.collect(0, NOW);
    // then
    assertThat(removed).containsExactlyInAnyOrder(Path.of("r2"), Path.of("r3"));
  }

  @Test
  @DisplayName("a sandbox with directories that nobody may enter goes, too")
  void shouldRemoveWhatIsClosed() throws IOException {
    // given
    Path run = sandbox("a", "r1", 8);
    Path closed = Files.createDirectories(run.resolve("-rf/sub dir"));
    age(run, 8);
    Files.setPosixFilePermissions(closed, Set.of());
    // when
    collector().collect(0, NOW);
    // then
    assertThat(run).doesNotExist();
  }
}
