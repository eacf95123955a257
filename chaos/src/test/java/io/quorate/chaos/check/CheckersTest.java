package io.quorate.chaos.check;

import static io.quorate.chaos.check.verdict.Verdict.Status.UNKNOWN;
import static io.quorate.chaos.check.verdict.Verdict.Status.VALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.check.promise.DuplicatesChangeNothing;
import io.quorate.chaos.check.promise.QuotasHold;
import io.quorate.chaos.check.promise.Recovery;
import io.quorate.chaos.check.promise.Story;
import io.quorate.chaos.check.promise.UpdatesInOrder;
import io.quorate.chaos.check.verdict.Verdict;
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
        .hasSize(17)
        .allSatisfy(
            verdict ->
                assertThat(verdict.status())
                    .describedAs(verdict.checker() + ": " + verdict.explanation())
                    .isEqualTo(VALID));
    Files.writeString(directory.resolve("history.jsonl"), "no json\n{}\n");
    assertThat(Checkers.judge(run, "launch"))
        .hasSize(17)
        .allMatch(verdict -> verdict.status() == UNKNOWN);
  }

  @Test
  @DisplayName("A run that left nothing is unknown to every checker of every workload")
  void shouldNotPassWithoutEvidence(@TempDir Path directory) {
    RunDirectory nothing = new RunDirectory(directory);
    for (String workload : List.of("launch", "service", "register", "set", "reservations")) {
      assertThat(Checkers.judge(nothing, workload))
          .isNotEmpty()
          .allMatch(verdict -> verdict.status() == UNKNOWN);
      assertThat(Checkers.of(workload).stream().map(checker -> checker.check(nothing)))
          .allMatch(verdict -> verdict.status() == UNKNOWN);
    }
  }

  @Test
  @DisplayName("A verdict says when, how often and how much")
  void shouldSayWhereToLook() {
    Story story =
        Story.begun()
            .lives("O1", "t1")
            .told("t1", "TASK_FAILED", "t1-finished")
            .told("t1", "TASK_FAILED", "t1-running")
            .wound();
    Verdict verdict = new UpdatesInOrder().check(story.evidence());
    assertThat(verdict.explanation()).endsWith("and 2 more");
    assertThat(verdict.figures()).containsEntry("broken", 3L);
    assertThat(verdict.window().from()).isLessThan(verdict.window().to());
    Verdict recovery = new Recovery().check(Story.healthy().evidence());
    assertThat((double) recovery.figures().get("recovery_seconds_longest")).isBetween(0.02, 0.1);
    Verdict duplicates =
        new DuplicatesChangeNothing()
            .check(
                Story.healthy()
                    .entry(Story.accept("O1", "t1"))
                    .log("{'task_status_repeated':{}}")
                    .evidence());
    assertThat(duplicates.figures()).containsEntry("duplicates", 2L);
    Verdict quotas = new QuotasHold().check(Story.healthy().evidence());
    assertThat(quotas.figures())
        .containsEntry("offers_per_framework_least", 2L)
        .containsEntry("offers_per_framework_most", 2L);
  }
}
