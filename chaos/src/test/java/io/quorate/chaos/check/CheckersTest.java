package io.quorate.chaos.check;

import static io.quorate.chaos.check.Verdict.Status.UNKNOWN;
import static io.quorate.chaos.check.Verdict.Status.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.history.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckersTest {
  @Test
  @DisplayName("A healthy run has only valid verdicts, from its files too")
  void shouldPassAHealthyRun(@TempDir Path directory) throws IOException {
    RunDirectory run = new RunDirectory(directory);
    Story.healthy().write(run);
    assertThat(Checkers.judge(run, "launch"))
        .hasSize(16)
        .allSatisfy(
            each ->
                assertThat(each.status())
                    .describedAs(each.checker() + ": " + each.explanation())
                    .isEqualTo(VALID));
    Files.writeString(directory.resolve("history.jsonl"), "no json\n{}\n");
    assertThat(Checkers.judge(run, "launch"))
        .hasSize(16)
        .allMatch(each -> each.status() == UNKNOWN);
  }

  @Test
  @DisplayName("A run that left nothing is unknown to every checker of every workload")
  void shouldNotPassWithoutEvidence(@TempDir Path directory) {
    RunDirectory nothing = new RunDirectory(directory);
    for (String workload : List.of("launch", "service", "register", "set", "reservations")) {
      assertThat(Checkers.judge(nothing, workload))
          .isNotEmpty()
          .allMatch(each -> each.status() == UNKNOWN);
      assertThat(Checkers.of(workload).stream().map(each -> each.check(nothing)))
          .allMatch(each -> each.status() == UNKNOWN);
    }
  }
}
