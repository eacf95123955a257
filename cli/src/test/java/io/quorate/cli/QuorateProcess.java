package io.quorate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code quorate} command as a user runs it: a process, what it prints and its exit status. */
final class QuorateProcess implements AutoCloseable {
  private static final int MINUTES_MAX = 4;

  private final Process process;
  private final Path output;

  private QuorateProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts the command.
   *
   * @param temporary where it makes its temporary folders; its output goes beside them
   */
  static QuorateProcess start(Path temporary, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // What runs in the background of a script may not hear of Ctrl-C, nor its children.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "io.quorate.cli.QuorateMain"));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("quorate-output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new QuorateProcess(process, output);
  }

  /** Does what Ctrl-C does to the process itself. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
  }

  /** What it printed so far, errors among it. */
  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for the end. */
  int exitStatus() throws InterruptedException {
    if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
      throw new AssertionError("the command did not end: " + output());
    }
    return process.exitValue();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(output);
  }
}
