package io.quorate.agent.check;

import io.quorate.agent.isolate.HostVariables;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A command beside the task: in its sandbox, with its environment, as its user (Mesos 4.13). */
final class CommandProbe implements Probe {
  private final ExecutorService threads;
  private final CommandInfo command;
  private final Target target;
  private final Duration timeout;

  /**
   * Makes a probe.
   *
   * @param threads run the command, and are blocked until it ends
   * @param timeout after which the command is ended; zero for no time-out
   */
  CommandProbe(ExecutorService threads, CommandInfo command, Target target, Duration timeout) {
    this.threads = threads;
    this.command = command;
    this.target = target;
    this.timeout = timeout;
  }

  @Override
  public void look(Consumer<Result> then) {
    threads.execute(() -> then.accept(run()));
  }

  private Result run() {
    List<String> words = new ArrayList<>(target.lower());
    if (command.getShell()) {
      words.addAll(List.of("sh", "-c", command.getValue()));
    } else {
      words.add(command.getValue());
      List<String> arguments = command.getArgumentsList();
      words.addAll(arguments.subList(Math.min(1, arguments.size()), arguments.size()));
    }
    ProcessBuilder builder = new ProcessBuilder(words).directory(target.sandbox().toFile());
    HostVariables.removeAgentsOwn(builder.environment());
    builder.environment().putAll(target.environment());
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      builder.environment().put(variable.getName(), variable.getValue());
    }
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      if (timeout.isZero()) {
        process.waitFor();
      } else if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return Result.none("the command did not end within " + timeout.toMillis() + " ms");
      }
      return Result.of(process.exitValue(), "the command exited with " + process.exitValue());
    } catch (IOException e) {
      return Result.none("the command cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Result.none("the agent stops");
    }
  }
}
