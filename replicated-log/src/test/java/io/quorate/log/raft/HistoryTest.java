package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
  @TempDir Path directory;

  /**
   * Found by the nemesis disk-full: a leader's journal touched a page that the disk had no room
   * for, the JVM threw it in the middle of JRaft, and the leader led on and applied nothing.
   */
  @Test
  void shouldBeOffBeforeTheDiskIsFull() throws Exception {
    AtomicLong free = new AtomicLong(History.FREE_BYTES_MIN + 3);
    LogOptions options =
        LogOptions.of(
            directory, "127.0.0.1:1", List.of("127.0.0.1:1"), new byte[32], List.of("rows"));
    try (History history = new History(options, new EntryFiles(), free::get)) {
      history.append(new Position(1, 1), new byte[3]);
      assertThat(history.reader().orElseThrow().lastIndex()).isEqualTo(1);

      history.append(new Position(1, 2), new byte[4]);
      assertThat(history.reader()).isEmpty();

      // Said once: what comes later is no error.
      free.set(Long.MAX_VALUE);
      history.append(new Position(1, 3), new byte[3]);
      assertThat(history.reader()).isEmpty();
    }
  }
}
