package io.quorate.agent.fetch;

import java.io.IOException;
import java.io.OutputStream;
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
 * environment but the path of programs, the language, and where Java and Hadoop are. A call blocks
 * until its program ends.
 *
 * @param prefix the words that lower the rights; empty for the agent's own
 * @param sandbox the working directory of the programs
 * @param abandoned says that nobody wants the task any more: a program is ended then
 */
record SandboxCommands(List<String> prefix, Path sandbox, BooleanSupplier abandoned) {
  private static final Set<String> VARIABLES = Set.of("PATH", "LANG", "LC_ALL", "JAVA_HOME");
  private static final String HADOOP = "HADOOP_";
  private static final long POLL_MILLIS = 20;
  private static final int WORDS_MAX = 300;

  /** Writes what a program reads. */
  interface Input {
    void to(OutputStream out) throws IOException;
  }

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
    Path said = Files.createTempFile("quorate-fetch", null);
    try {
      ProcessBuilder program = program(words).redirectInput(input.toFile());
      Process process = program.redirectErrorStream(true).redirectOutput(said.toFile()).start();
      await(process, words[0], said);
    } finally {
      Files.deleteIfExists(said);
    }
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
          program(words)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .redirectError(said.toFile())
              .start();
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
      process = program(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
      IOException broken = null;
      try (OutputStream out = process.getOutputStream()) {
        input.to(out);
      } catch (FetchException e) {
        throw e;
      } catch (IOException e) {
        // It ended early, and says why, unless it is the input that is broken.
        broken = e;
      }
      if (broken != null && process.isAlive()) {
        throw broken;
      }
      await(process, words[0], said);
      if (broken != null) {
        throw broken;
      }
    } finally {
      if (process != null) {
        end(process);
      }
      Files.deleteIfExists(said);
    }
  }

  private ProcessBuilder program(String... words) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(Arrays.asList(words));
    ProcessBuilder builder = new ProcessBuilder(all).directory(sandbox.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> !VARIABLES.contains(name) && !name.startsWith(HADOOP));
    return builder;
  }

  private void await(Process process, String name, Path said) throws IOException {
    try {
      while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        if (abandoned.getAsBoolean()) {
          end(process);
          throw new FetchException("the task was given up");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
