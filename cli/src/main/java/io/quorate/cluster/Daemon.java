package io.quorate.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One process of a local cluster. Its standard input is a pipe that ends with this process. */
final class Daemon {
  private static final int STOP_SECONDS_MAX = 15;

  private final List<String> command;
  private final Path log;
  private final boolean detached;
  private Process process;

  private Daemon(List<String> command, Path log, boolean detached) {
    this.command = command;
    this.log = log;
    this.detached = detached;
  }

  static Daemon of(String mainClass, List<String> arguments, Path log, boolean detached) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String options = System.getenv("QUORATE_JAVA_OPTIONS");
    command.addAll(
        options == null || options.isBlank()
            ? List.of(
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-Dchronicle.analytics.disable=true")
            : Arrays.asList(options.trim().split(" +")));
    String tuning = System.getenv("QUORATE_DAEMON_OPTIONS");
    // Many processes share a small machine here: the second compiler and a parallel collector cost
    // them more than they give. A benchmark says otherwise.
    command.addAll(
        tuning == null || tuning.isBlank()
            ? List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            : Arrays.asList(tuning.trim().split(" +")));
    if (!detached) {
      command.add("-Dquorate.exit_on_stdin_eof=true");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(arguments);
    return new Daemon(command, log, detached);
  }

  void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    if (detached) {
      builder.redirectInput(Path.of("/dev/null").toFile());
    }
    process = builder.start();
  }

  boolean alive() {
    return process != null && process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  void stop() {
    if (alive()) {
      process.destroy();
      if (!await()) {
        kill();
      }
    }
  }

  private boolean await() {
    try {
      return process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
