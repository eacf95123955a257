package io.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a checkout of its own whose Maven only says where it was called. */
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "dirname",
          "readlink",
          "sed",
          "tail",
          "find",
          "head",
          "mkdir",
          "touch",
          "mv",
          "rm",
          "cat",
          "flock",
          "grep",
          "awk",
          "java",
          "javac",
          "cc");

  @TempDir private Path directory;
  private Path checkout;
  private Path tools;

  @BeforeEach
  void makeACheckout() throws IOException {
    checkout = Files.createDirectory(directory.resolve("checkout"));
    Path launcher = checkout.resolve("quorate");
    Files.copy(Path.of("..", "quorate"), launcher);
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool : TOOLS) {
      for (String folder : List.of("/usr/local/bin", "/usr/bin", "/bin")) {
        Path found = Path.of(folder, tool);
        if (Files.exists(found) && !Files.exists(tools.resolve(tool))) {
          script(tool, "exec " + found + " \"$@\"");
        }
      }
    }
    script("mvn", "pwd -P > " + directory.resolve("maven-ran-in"));
  }

  private void script(String name, String body) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + body + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  @Test
  @DisplayName("the launcher finds its checkout through symbolic links, absolute and relative")
  void shouldFindItsCheckoutThroughSymbolicLinks() throws Exception {
    // given
    Path absolute = Files.createSymbolicLink(directory.resolve("a"), checkout.resolve("quorate"));
    Path relative = Files.createSymbolicLink(directory.resolve("b"), Path.of("a"));
    assertThat(absolute).exists();

    // when
    String said = launch(relative, "build");

    // then
    assertThat(directory.resolve("maven-ran-in")).as(said).exists();
    assertThat(Files.readString(directory.resolve("maven-ran-in")).trim())
        .isEqualTo(checkout.toRealPath().toString());
  }

  @Test
  @DisplayName("a missing npm is told before the tests, with how to install it")
  void shouldSayThatNpmIsMissing() throws Exception {
    // given
    Path launcher = checkout.resolve("quorate");

    // when
    String said = launch(launcher, "test");

    // then
    assertThat(said).contains("npm not found").contains("apt-get install nodejs npm");
    assertThat(directory.resolve("maven-ran-in")).doesNotExist();
  }

  @Test
  @DisplayName("a missing C compiler is told before the build, with how to install it")
  void shouldSayThatTheCompilerIsMissing() throws Exception {
    // given
    Path launcher = checkout.resolve("quorate");
    Files.delete(tools.resolve("cc"));

    // when
    String said = launch(launcher, "build");

    // then
    assertThat(said).contains("no C compiler (cc) found").contains("apt-get install gcc");
    assertThat(directory.resolve("maven-ran-in")).doesNotExist();
  }

  private String launch(Path launcher, String command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", launcher.toString(), command);
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path output = directory.resolve("output");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output);
  }
}
