package io.quorate.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.chaos.check.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  @TempDir private Path folder;

  @Test
  void shouldWriteThePage() throws Exception {
    List<Verdict> verdicts = SyntheticRun.write(folder, SyntheticRun.OPERATIONS_DEFAULT);
    Report.write(folder, verdicts);
    assertThat(folder.resolve("report.html")).exists();
    String keep = System.getProperty("quorate.report.keep", "");
    if (!keep.isEmpty()) {
      Path to = Path.of(keep);
      Files.createDirectories(to);
      SyntheticRun.write(to, SyntheticRun.OPERATIONS_DEFAULT);
      Report.write(to, verdicts);
    }
  }

  @Test
  void shouldShowTheCauseInABrowserAndRunNoScriptOfATask() throws Exception {
    // given a run with a broken promise, and a task whose name is a script
    boolean browser = Files.isExecutable(CHROMIUM);
    assumeTrue(browser || "true".equals(System.getenv("CI")), "there is no " + CHROMIUM);
    Report.write(folder, SyntheticRun.write(folder, 2_000));

    // when the link to the window of the log is followed in a browser
    String page = browse("report.html#log-1");

    // then the page opens with what was tested and what it means
    assertThat(page)
        .contains("<title>invalid: launch under partition-leader, kill, packet-loss</title>");
    assertThat(sentence(page))
        .isEqualTo(
            "Clients did 2,000 operations of the workload launch within 59.8 s on 3 masters and 1"
                + " agent while partition-leader, kill, packet-loss struck 4 times, and the cluster"
                + " failed 1 of 6 checks, so what it promises does not hold under these"
                + " conditions: I3 an offer is used once.");
    // then the entries of the log that the verdict names are shown, and the charts are drawn
    assertThat(page).contains("<details class=\"excerpt\" open=\"\"><summary>2 lines about");
    assertThat(page).contains("<a href=\"#log-1\">index 3601 to 3605 in the committed log</a>");
    assertThat(page).contains("<td>accept</td><td>task_launched</td>").contains("<canvas");
    // then no name became an element
    assertThat(page).doesNotContain("<b id").contains("&lt;b id=owned&gt;");
  }

  @Test
  void shouldSayWhatARunMeansInWhichNothingFailed() throws Exception {
    // given
    List<Verdict> verdicts = SyntheticRun.write(folder, 100);

    // when
    Report.write(folder, verdicts.stream().filter(ReportTest::isValid).toList());

    // then
    assertThat(sentence(Files.readString(folder.resolve("report.html"))))
        .endsWith(
            "and the cluster passed all 4 checks, so every promise that was looked at held"
                + " under these conditions.");
  }

  @Test
  void shouldWriteAPageOfARunThatLeftNothing() throws Exception {
    // given a verdict that points at an entry of a log that is not there
    Verdict verdict =
        new Verdict("I2", Verdict.Status.UNKNOWN, "a bell \u0007 at index 7", null, Map.of());

    // when
    Report.write(folder, List.of(verdict));

    // then it says what is missing, and what cannot be shown is marked
    String page = Files.readString(folder.resolve("report.html"));
    assertThat(sentence(page))
        .isEqualTo(
            "Clients did 0 operations of the workload a run within 0.001 µs with no fault injected,"
                + " and 1 of 1 check came to no verdict while no other failed, so the run does not show"
                + " that the cluster keeps its promises: I2.");
    assertThat(page).contains("a bell \ufffd at index 7").doesNotContain("id=\"log-0\"");
    assertThat(page).contains("there is no status.jsonl").contains("No checker of this run");
  }

  private static boolean isValid(Verdict verdict) {
    return verdict.status() == Verdict.Status.VALID;
  }

  private static String sentence(String page) {
    String from = page.substring(page.indexOf("<p id=\"sentence\">"));
    return from.substring(from.indexOf('>') + 1, from.indexOf("</p>"))
        .strip()
        .replaceAll("\\s+", " ");
  }

  /** The page as it is once its script has run. */
  private String browse(String address) throws Exception {
    Path printed = folder.resolve("dom.html");
    Process browser =
        new ProcessBuilder(
                CHROMIUM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=2000",
                "--dump-dom",
                "file://" + folder.resolve(address))
            .redirectOutput(printed.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(browser.waitFor(2, TimeUnit.MINUTES)).as("the browser ended").isTrue();
    } finally {
      browser.destroyForcibly();
    }
    return Files.readString(printed);
  }
}
