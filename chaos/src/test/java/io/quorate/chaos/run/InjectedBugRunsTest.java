package io.quorate.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.chaos.check.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs planted in the product itself. {@code ./quorate chaos --planted} runs them all. */
class InjectedBugRunsTest {
  @TempDir Path directory;

  static Stream<InjectedSourceBug> all() throws IOException {
    return InjectedSourceBug.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  @DisplayName("Every planted bug still has its place in the product, and compiles")
  void shouldCompile(InjectedSourceBug bug) throws IOException {
    assertThat(bug.plant(InjectedSourceBug.home(), directory))
        .isDirectoryRecursivelyContaining("glob:**.class");
  }

  @Test
  @DisplayName("A line that is not there any more is told")
  void shouldMissLine() {
    InjectedSourceBug gone =
        new InjectedSourceBug("gone", "I1", List.of(), "pom.xml", "no such line", "anything");
    assertThatThrownBy(() -> gone.plant(InjectedSourceBug.home(), directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("pom.xml")
        .hasMessageContaining("no such line");
  }

  @Test
  @Tag("process")
  @DisplayName("A planted bug is found in a real run, by the promise that it breaks")
  void shouldFind() throws Exception {
    InjectedSourceBug bug =
        InjectedSourceBug.all().stream()
            .filter(known -> known.name().equals("a linearizable read asks nobody"))
            .findFirst()
            .orElseThrow();
    assertThat(InjectedBugRuns.run(bug, directory))
        .extracting(Verdict::checker)
        .anyMatch(checker -> checker.startsWith(bug.breaks()));
  }
}
