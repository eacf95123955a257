package io.quorate.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.check.verdict.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
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
}
