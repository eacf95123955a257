package io.quorate.agent.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FlagSourcesTest {
  @TempDir Path directory;

  /** A program with some of the agent's flags. */
  @Command
  private static final class Program {
    @Mixin private GarbageCollectionOptions gc = new GarbageCollectionOptions();
    @Mixin private ExecutorOptions executors = new ExecutorOptions();
  }

  private static Program parse(Map<String, String> environment, String... arguments) {
    Program program = new Program();
    CommandLine line = new CommandLine(program);
    line.setDefaultValueProvider(new FlagSources(environment));
    line.parseArgs(arguments);
    return program;
  }

  @Test
  @DisplayName("CP-463 a flag is an argument or a variable that begins with MESOS_")
  void shouldReadVariables() {
    // given
    Map<String, String> environment =
        Map.of("MESOS_GC_DELAY", "3days", "MESOS_AUTHENTICATE_HTTP_EXECUTORS", "true");
    // when
    Program program = parse(environment);
    // then
    assertThat(program.gc.settings().delay()).isEqualTo(Duration.ofDays(3));
    assertThat(program.gc.settings().interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(program.executors.settings().authenticate()).isTrue();
  }

  @Test
  @DisplayName("CP-463 the command line wins over the environment")
  void shouldPreferArguments() {
    // given
    Map<String, String> environment = Map.of("MESOS_GC_DELAY", "3days");
    // when
    Program program = parse(environment, "--gc-delay=1hrs");
    // then
    assertThat(program.gc.settings().delay()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  @DisplayName("a value out of bounds is refused with the flag and its rule")
  void shouldNameFlagAndRule() {
    // given
    Program program = parse(Map.of(), "--gc_disk_headroom=1.5");
    // when // then
    assertThatThrownBy(program.gc::settings)
        .hasMessage("--gc_disk_headroom must be from 0 to 1, not 1.5");
  }

  @Test
  @DisplayName("CP-464 a flag's value may be in a file")
  void shouldReadFiles() throws Exception {
    // given
    Path file = Files.writeString(directory.resolve("resources"), "cpus:2;mem:64\n");
    // when // then
    assertThat(FlagSources.text("--resources", "file://" + file)).isEqualTo("cpus:2;mem:64");
    assertThat(FlagSources.text("--resources", "cpus:1")).isEqualTo("cpus:1");
    assertThatThrownBy(() -> FlagSources.text("--resources", "file:///no/such"))
        .hasMessageStartingWith("--resources names the file /no/such");
  }
}
