package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes report.html, and PNG plots of the same data, into the directory of a run. */
public final class Report {
  private Report() {}

  /**
   * Writes the page and the plots; what is there is overwritten.
   *
   * @param verdicts in the order in which they are to be read; within it, what is not valid comes
   *     first
   * @throws UncheckedIOException if a file of the run cannot be read, or a new one be written
   */
  public static void write(Path runDirectory, List<Verdict> verdicts) {
    RunDirectory directory = new RunDirectory(runDirectory);
    Run run = Run.read(directory);
    Shown shown = Shown.of(run, verdicts, Shown.OPERATIONS_MAX, Shown.EVENTS_MAX);
    List<Series> series =
        run.kinds().stream().limit(PageData.KINDS_MAX).map(kind -> Series.of(run, kind)).toList();
    try {
      List<String> plots = Plots.write(runDirectory, run, series);
      Files.writeString(
          runDirectory.resolve("report.html"),
          Page.html(
              PageModel.of(run, directory, verdicts, shown, series, plots),
              PageData.of(run, shown, series, verdicts)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
