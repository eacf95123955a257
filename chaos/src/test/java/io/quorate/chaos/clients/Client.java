package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client's process and the lines that it printed. Closing it kills it. */
final class Client implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private Client(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "client-output");
    reader.setDaemon(true);
    reader.start();
  }

  static Client start(Path folder, List<String> command) throws IOException {
    Files.createDirectories(folder.resolve("logs"));
    return new Client(
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start());
  }

  /** Runs a command that has to succeed, such as an installation. */
  static void run(Path folder, List<String> command) throws IOException {
    try (Client client = start(folder, command)) {
      assertThat(client.exitStatus()).as(() -> command + ":\n" + client).isZero();
    }
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("(the output ended: " + e.getMessage() + ")");
    }
  }

  /** Waits until that many tasks were in this state, or the client ended. */
  void awaitTasks(String state, int count) {
    await("tasks in " + state)
        .atMost(PATIENCE)
        .until(() -> tasks(state) >= count || !process.isAlive());
    assertThat(tasks(state)).as(() -> "tasks in " + state + "\n" + this).isEqualTo(count);
  }

  /** Gives the client a line on its standard input. */
  void say(String line) {
    try {
      process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    } catch (IOException e) {
      throw new AssertionError("the client does not listen: " + line + "\n" + this, e);
    }
  }

  /** Waits until it printed so many lines that match a pattern. */
  void awaitLines(String pattern, int count) {
    await(pattern)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> lines(pattern) >= count || !process.isAlive());
    assertThat(lines(pattern))
        .as(() -> "lines " + pattern + "\n" + this)
        .isGreaterThanOrEqualTo(count);
  }

  /** The number of lines that match a pattern. */
  int lines(String pattern) {
    return all(pattern).size();
  }

  /** The lines that match a pattern. */
  List<String> all(String pattern) {
    return lines.stream().filter(line -> line.matches(pattern)).toList();
  }

  /** The number of different tasks that were told to be in this state. */
  long tasks(String state) {
    return lines.stream()
        .filter(line -> line.startsWith("update ") && line.endsWith(" " + state))
        .distinct()
        .count();
  }

  /** The framework ids of each subscription, in order. */
  List<String> subscriptions() {
    return lines.stream().filter(line -> line.startsWith("subscribed ")).toList();
  }

  int exitStatus() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as(() -> "the client ended in time\n" + this)
          .isTrue();
      reader.join(PATIENCE.toMillis());
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
