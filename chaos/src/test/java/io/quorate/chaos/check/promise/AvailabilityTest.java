package io.quorate.chaos.check.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.quorate.chaos.check.verdict.Verdict;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
  private static Verdict judge(Story story) {
    return new Availability("write").check(story.evidence());
  }

  @Test
  @DisplayName("Rates, latencies, the longest gap, and what a strike cost")
  void shouldMeasure() {
    Story story = new Story();
    for (int i = 0; i < 8; i++) {
      story.done("client0", "write", "x", "1");
    }
    story
        .invoke("client0", "write", "x", "1")
        .passing(0.18)
        .ok("client0", "write", "x", "null")
        .invoke("client0", "write", "x", "1")
        .fail("client0", "write", "x")
        .invoke("client1", "write", "x", "1")
        .nemesis("kill", "start", "master0")
        .info("client1", "write", "x")
        .passing(2.96)
        .nemesis("kill", "stop", "")
        .passing(0.98)
        .done("client0", "write", "x", "1")
        .healed();
    Verdict verdict = judge(story);
    assertThat(verdict.status()).isEqualTo(Verdict.Status.VALID);
    assertThat(verdict.figures())
        .contains(
            entry("write_ok", 10),
            entry("write_failed", 1L),
            entry("write_unknown", 1L),
            entry("write_p50_millis", 10.0),
            entry("write_p90_millis", 10.0),
            entry("write_max_millis", 190.0),
            entry("write_longest_gap_seconds", 4.02),
            entry("strike_001_kill_write_longest_gap_seconds", 3.98),
            entry("strike_001_kill_write_first_ok_seconds", 3.98));
    assertThat((double) verdict.figures().get("write_ok_per_second")).isBetween(10 / 4.5, 10 / 4.3);
  }

  @Test
  @DisplayName("While nobody wants anything, nothing is missed")
  void shouldCountWhatWasWanted() {
    Verdict verdict =
        judge(
            new Story()
                .event("client0", "wants", "", "true")
                .done("client0", "write", "x", "1")
                .event("client1", "wants", "", "true")
                .event("client0", "wants", "", "false")
                .event("client1", "wants", "", "false")
                .passing(5)
                .event("client1", "wants", "", "true")
                .done("client0", "write", "x", "1"));
    assertThat(verdict.figures()).contains(entry("write_longest_gap_seconds", 0.05));
  }

  @Test
  @DisplayName("Without a success all of the time is the gap")
  void shouldSeeThatNothingWorked() {
    Verdict verdict =
        judge(new Story().invoke("client0", "write", "x", "1").passing(9.99).healed());
    assertThat(verdict.figures())
        .contains(entry("write_longest_gap_seconds", 10.0), entry("write_ok", 0));
    assertThat(judge(new Story().healed()).status()).isEqualTo(Verdict.Status.UNKNOWN);
  }
}
