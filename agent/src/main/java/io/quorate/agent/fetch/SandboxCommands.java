package io.quorate.agent.fetch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs small programs in a sandbox with the rights of its task, and with nothing of the agent's
 * environment but the path of programs and the language. A call blocks until its program ends.
 *
 * @param prefix the words that lower the rights; empty for the agent's own
 * @param sandbox the working directory of the programs
 * @param abandoned says that nobody wants the task any more: a program is ended then
 */
record SandboxCommands(List<String> prefix, Path sandbox, BooleanSupplier abandoned) {
  private static final Set<String> VARIABLES = Set.of("PATH", "LANG", "LC_ALL");
  private static final long POLL_MILLIS = 50;
  private static final int WORDS_MAX = 300;

  /**
   * Runs a program without input.
   *
   * @throws FetchException if the program fails
   */
  void run(String... words) throws IOException {
    run(Path.of("/dev/null"), words);
  }

  /**
   * Runs a program with a file as its input. The file is opened with the agent's rights.
   *
   * @throws FetchException if the program fails; the message is what it said, cut to 300 characters
   */
  void run(Path input, String... words) throws IOException {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(Arrays.asList(words));
    Path said = Files.createTempFile("quorate-fetch", null);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(sandbox.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder.environment().keySet().retainAll(VARIABLES);
    try {
      Process process = builder.start();
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (abandoned.getAsBoolean()) {
          process.destroyForcibly();
          throw new FetchException("the task was given up");
        }
      }
      if (process.exitValue() != 0) {
        String text = Files.readString(said, StandardCharsets.ISO_8859_1).strip();
        throw new FetchException(
            words[0] + ": " + text.substring(0, Math.min(text.length(), WORDS_MAX)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FetchException("the agent stops", e);
    } finally {
      Files.deleteIfExists(said);
    }
  }
}
