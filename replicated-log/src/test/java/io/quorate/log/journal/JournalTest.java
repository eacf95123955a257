package io.quorate.log.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.log.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.rollcycles.TestRollCycles;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Journal.Retention MUCH =
      new Journal.Retention(Duration.ofDays(1), 1L << 40, TestRollCycles.TEST_SECONDLY);

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> read(Journal journal, long from) {
    List<String> read = new ArrayList<>();
    journal.forEach(
        from,
        item ->
            read.add(
                item.position().index()
                    + ":"
                    + new String(item.payload(), StandardCharsets.UTF_8)));
    return read;
  }

  @Test
  @DisplayName(
      "entries come back in order, from any index, also after a restart; a replay adds nothing")
  void shouldKeepEntries() throws IOException {
    try (Journal journal = new Journal(directory, MUCH)) {
      journal.append(new Position(1, 3), bytes("three"));
      journal.append(new Position(1, 5), bytes("five"));
    }
    try (Journal journal = new Journal(directory, MUCH)) {
      journal.append(new Position(1, 5), bytes("five again"));
      journal.append(new Position(2, 6), bytes("six"));
      assertThat(read(journal, 0)).containsExactly("3:three", "5:five", "6:six");
      assertThat(read(journal, 5)).containsExactly("5:five", "6:six");
      assertThat(journal.firstIndex()).isEqualTo(3);
      assertThat(journal.lastIndex()).isEqualTo(6);
      assertThat(journal.holes()).isEmpty();
    }
  }

  @Test
  @DisplayName("what a snapshot skipped is a hole, and says so, also after a restart")
  void shouldTellHoles() throws IOException {
    try (Journal journal = new Journal(directory, MUCH)) {
      journal.append(new Position(1, 3), bytes("three"));
      journal.skipTo(10);
      journal.append(new Position(1, 11), bytes("eleven"));
    }
    try (Journal journal = new Journal(directory, MUCH)) {
      assertThat(journal.holes()).containsExactly(new JournalReader.Hole(4, 10));
      assertThat(journal.lastIndex()).isEqualTo(11);
      assertThat(read(journal, 0)).containsExactly("3:three", "11:eleven");
    }
  }

  @Test
  @DisplayName("the oldest files go when there is too much; the newest entries stay")
  void shouldDeleteOldFiles() throws IOException {
    Journal.Retention little =
        new Journal.Retention(Duration.ofDays(1), 1, TestRollCycles.TEST_SECONDLY);
    try (Journal journal = new Journal(directory, little)) {
      long[] index = {0};
      await("three files' worth, of which the old ones go")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                journal.append(new Position(1, ++index[0]), bytes("entry"));
                return journal.firstIndex() > 1;
              });
      assertThat(read(journal, 0)).last().isEqualTo(index[0] + ":entry");
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.filter(file -> file.toString().endsWith(".cq4")).count())
            .isLessThanOrEqualTo(2);
      }
    }
  }

  @Test
  @DisplayName("a clock that is put forward and back, also over a restart, does not mix the order")
  void shouldOutliveJumpingClock() throws IOException {
    long day = Duration.ofDays(1).toMillis();
    long[] now = {Instant.parse("2026-01-10T12:00:00Z").toEpochMilli()};
    List<String> expected = new ArrayList<>();
    long index = 0;
    for (int restarts = 0; restarts < 3; restarts++) {
      try (Journal journal = new Journal(directory, MUCH, () -> now[0])) {
        for (long jump : List.of(0L, -day, 2 * day, -3 * day)) {
          now[0] += jump;
          journal.append(new Position(1, ++index), bytes("entry"));
          expected.add(index + ":entry");
        }
        assertThat(read(journal, 0)).isEqualTo(expected);
        assertThat(journal.firstIndex()).isEqualTo(1);
      }
    }
  }
}
