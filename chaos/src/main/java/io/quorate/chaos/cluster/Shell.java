package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of this machine and waits for them. */
final class Shell {
  private Shell() {}

  /**
   * @return what it printed on both streams
   * @throws IOException if it does not end in time, or not with 0
   */
  static String run(Duration atMost, List<String> command) throws IOException {
    // Not a pipe: a process that the script leaves behind would hold it open.
    Path output = Files.createTempFile("quorate-chaos", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .start();
      boolean ended = await(process, atMost);
      String printed = Files.readString(output, StandardCharsets.UTF_8).trim();
      if (!ended) {
        process.destroyForcibly();
        throw new IOException(
            "not done after " + atMost + ": " + String.join(" ", command) + ": " + printed);
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "status " + process.exitValue() + " of " + String.join(" ", command) + ": " + printed);
      }
      return printed;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static boolean await(Process process, Duration atMost) throws IOException {
    try {
      return process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** One word for a POSIX shell. */
  static String quote(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  /** Several. */
  static String quote(List<String> words) {
    return String.join(" ", words.stream().map(Shell::quote).toList());
  }
}
