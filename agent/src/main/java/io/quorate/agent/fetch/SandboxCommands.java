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
 * environment but the path of programs and the language. A call blocks until its program ends.
 *
 * @param supervisor what the programs are run by
 * @param user whose rights they have
 * @param sandbox the working directory of the programs
 * @param abandoned says that nobody wants the task any more: a program is ended then, with all that
 *     it started
 */
record SandboxCommands(
    Supervisor supervisor, Rights user, Path sandbox, BooleanSupplier abandoned) {
  private static final Map<String, String> VARIABLES =
      HostVariables.of(System.getenv(), Optional.empty());
  private static final long POLL_MILLIS = 50;
  private static final int WORDS_MAX = 300;

  /**
   * Runs a program without input.
   *
   * @throws FetchException if the program fails
   */
  void run(String... words) throws IOException {
    run(Optional.empty(), words);
  }

  /**
   * Runs a program with a file as its input. The file is opened with the agent's rights.
   *
   * @throws FetchException if the program fails; the message is what it said, cut to 300 characters
   */
  void run(Path input, String... words) throws IOException {
    run(Optional.of(input), words);
  }

  private void run(Optional<Path> input, String... words) throws IOException {
    Path said = Files.createTempFile("quorate-fetch", null);
    try {
      Order order = Order.of(words[0], List.of(words), sandbox, user, VARIABLES);
      ProcessBuilder.Redirect output = ProcessBuilder.Redirect.to(said.toFile());
      Process process =
          input.isPresent()
              ? supervisor.startHelperWithInput(order, output)
              : supervisor.startHelper(order, output);
      if (input.isPresent()) {
        give(input.get(), process);
      }
      await(process);
      if (process.exitValue() != 0) {
        String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
        throw new FetchException(
            words[0] + ": " + text.substring(0, Math.min(text.length(), WORDS_MAX)));
      }
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private void give(Path input, Process process) {
    try (OutputStream to = process.getOutputStream()) {
      Files.copy(input, to);
    } catch (IOException e) {
      // It ended early: its exit status says why.
      process.destroy();
    }
  }

  private void await(Process process) throws FetchException {
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
  }
}
