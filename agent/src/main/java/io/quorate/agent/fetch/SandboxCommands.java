package io.quorate.agent.fetch;

import io.quorate.agent.isolate.HostVariables;
import io.quorate.agent.supervise.Order;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.Supervisor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs small programs in a sandbox with the rights of its task, and with nothing of the agent's
 * environment but the path of programs, the language, and where Java and Hadoop are. A call blocks
 * until its program ends.
 *
 * @param supervisor what the programs are run by
 * @param user whose rights they have
 * @param sandbox the working directory of the programs
 * @param abandoned says that nobody wants the task any more: a program is ended then, with all that
 *     it started
 */
record SandboxCommands(
    Supervisor supervisor, Rights user, Path sandbox, BooleanSupplier abandoned) {
  private static final Map<String, String> VARIABLES = variables();
  private static final long POLL_MILLIS = 20;
  private static final int WORDS_MAX = 300;

  /** Writes what a program reads. */
  interface Input {
    void to(OutputStream out) throws IOException;
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = HostVariables.of(System.getenv(), Optional.empty());
    System.getenv()
        .forEach(
            (name, value) -> {
              if (name.equals("JAVA_HOME") || name.startsWith("HADOOP_")) {
                variables.put(name, value);
              }
            });
    return Map.copyOf(variables);
  }

  /**
   * Runs a program without input.
   *
   * @throws FetchException if the program fails
   */
  void run(String... words) throws IOException {
    Path said = Files.createTempFile("quorate-fetch", null);
    try {
      await(
          supervisor.startHelper(order(words), ProcessBuilder.Redirect.to(said.toFile())),
          words[0],
          said);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /**
   * Runs a program with a file as its input. The file is opened with the agent's rights.
   *
   * @throws FetchException if the program fails; the message is what it said, cut to 300 characters
   */
  void run(Path input, String... words) throws IOException {
    feed(out -> Files.copy(input, out), words);
  }

  /**
   * Runs a program whose output is kept in a file of the agent's own.
   *
   * @throws FetchException if the program fails
   */
  void read(Path output, String... words) throws IOException {
    Path said = Files.createTempFile("quorate-fetch", null);
    try {
      Process process =
          supervisor.startHelper(
              order(words),
              ProcessBuilder.Redirect.to(output.toFile()),
              ProcessBuilder.Redirect.to(said.toFile()));
      await(process, words[0], said);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  /**
   * Runs a program that reads what is written meanwhile.
   *
   * @throws FetchException if the program fails, or the input cannot be had
   */
  void feed(Input input, String... words) throws IOException {
    Path said = Files.createTempFile("quorate-fetch", null);
    Process process = null;
    try {
      process =
          supervisor.startHelperWithInput(order(words), ProcessBuilder.Redirect.to(said.toFile()));
      IOException broken = null;
      try (OutputStream out = process.getOutputStream()) {
        input.to(out);
      } catch (FetchException e) {
        throw e;
      } catch (IOException e) {
        // It ended early, and says why, unless it is the input that is broken; that has its end
        // now.
        broken = e;
      }
      await(process, words[0], said);
      if (broken != null) {
        throw broken;
      }
    } finally {
      if (process != null) {
        process.destroy();
      }
      Files.deleteIfExists(said);
    }
  }

  private Order order(String... words) {
    return Order.of(words[0], List.of(words), sandbox, user, VARIABLES);
  }

  private void await(Process process, String name, Path said) throws IOException {
    try {
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (abandoned.getAsBoolean()) {
          process.destroy();
          throw new FetchException("the task was given up");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new FetchException("the agent stops", e);
    }
    if (process.exitValue() != 0) {
      String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
      String words = text.substring(0, Math.min(text.length(), WORDS_MAX));
      throw new FetchException(
          name.equals("sh") && !words.isEmpty()
              ? words
              : name + ": " + (words.isEmpty() ? "exit status " + process.exitValue() : words));
    }
  }
}
