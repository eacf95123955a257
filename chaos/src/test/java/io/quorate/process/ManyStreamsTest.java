package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.bench.OpenStreamsBench;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand is a benchmark ({@code ./quorate bench streams}); a thousand shows the same. */
@Tag("process")
class ManyStreamsTest {
  private static final int COUNT = 1_000;

  @Test
  @DisplayName("CP-044 a thousand subscriptions are open at once, without a thread each")
  void shouldServeMany(@TempDir Path directory) throws Exception {
    OpenStreamsBench.Result result = OpenStreamsBench.measure(directory, COUNT);
    assertThat(result.subscribed()).isEqualTo(COUNT);
    assertThat(result.heartbeats()).isEqualTo(COUNT);
    assertThat(result.threads()).isLessThan(50);
  }
}
