package io.quorate.agent.supervise;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts things by the program {@code quorate-supervisor}. It has nothing of the agent's
 * environment, and gets its order by a pipe, so that no listing of processes shows it.
 *
 * @param program where the program is
 */
public record Supervisor(Path program) {
  /** A helper that ran into its limit has this exit status. */
  public static final int LIMIT = 124;

  /** The exit status of a helper that was not started; it said why on its standard error. */
  public static final int NOT_STARTED = 125;

  /**
   * Starts a task, and waits until it runs.
   *
   * @param marks the folder of its marks, which must be the agent's alone
   * @param name shown in listings of processes
   * @return the supervisor, which ends when the task and all that it started have; nothing if the
   *     marks say that it was started before
   * @throws IOException if it was not started; the message is for the framework
   */
  public Optional<Process> startTask(Order order, Path marks, String name) throws IOException {
    Process process =
        builder(name)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .start();
    String report;
    try (InputStream said = process.getInputStream()) {
      give(process, order.marks(marks));
      process.getOutputStream().close();
      report = new String(said.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      process.destroy();
      throw new IOException("the supervisor " + program + " does not take its order", e);
    }
    if (report.startsWith("started ")) {
      return Optional.of(process);
    }
    if (report.equals("again")) {
      return Optional.empty();
    }
    throw new IOException(
        report.startsWith("failed ")
            ? report.substring("failed ".length())
            : "the supervisor " + program + " ended without a word");
  }

  /**
   * Starts a helper. It ends, with all that it started, when the agent does, and when the standard
   * input of the returned process is closed.
   *
   * @param output where standard output and error go
   * @return the supervisor, whose exit status is the helper's, 128 and the number for a signal,
   *     {@link #LIMIT} or {@link #NOT_STARTED}
   */
  public Process startHelper(Order order, ProcessBuilder.Redirect output) throws IOException {
    return startHelper(order, output, Optional.empty(), false);
  }

  /** The same with a standard error that goes elsewhere. */
  public Process startHelper(
      Order order, ProcessBuilder.Redirect output, ProcessBuilder.Redirect error)
      throws IOException {
    return startHelper(order, output, Optional.of(error), false);
  }

  /** The same with an input: what is written to the returned process, until that is closed. */
  public Process startHelperWithInput(Order order, ProcessBuilder.Redirect output)
      throws IOException {
    return startHelper(order.restIsInput(), output, Optional.empty(), true);
  }

  private Process startHelper(
      Order order,
      ProcessBuilder.Redirect output,
      Optional<ProcessBuilder.Redirect> error,
      boolean input)
      throws IOException {
    ProcessBuilder builder = builder(input ? "helper-with-input" : "helper").redirectOutput(output);
    error.ifPresentOrElse(builder::redirectError, () -> builder.redirectErrorStream(true));
    Process process = builder.start();
    try {
      give(process, order);
    } catch (IOException e) {
      process.destroy();
      throw new IOException("the supervisor " + program + " does not take its order", e);
    }
    return process;
  }

  private ProcessBuilder builder(String name) {
    List<String> words = new ArrayList<>(List.of(program.toString(), name));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    return builder;
  }

  private static void give(Process process, Order order) throws IOException {
    process.getOutputStream().write(order.bytes());
    process.getOutputStream().flush();
  }
}
