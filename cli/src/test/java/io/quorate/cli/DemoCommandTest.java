package io.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
  @TempDir private Path temporary;

  @Test
  @DisplayName("Ctrl-C stops the demo without an alarm, and its folder is gone")
  void shouldCleanUpWhenItIsInterrupted() throws Exception {
    // given
    try (QuorateProcess demo = QuorateProcess.start(temporary, "demo")) {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> demo.output().contains("leads, both agents are registered"));

      // when
      demo.interrupt();

      // then
      assertThat(demo.exitStatus()).isEqualTo(130);
      assertThat(demo.output())
          .contains("quorate: the demo was stopped")
          .doesNotContain("WRONG", "Exception", "ended: see");
      assertThat(temporary.toFile().list((folder, name) -> name.startsWith("quorate-demo")))
          .isEmpty();
    }
  }
}
