package io.quorate.agent.check;

import io.quorate.agent.supervise.Order;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * A command beside the task: in its sandbox, with its environment, as its user (Mesos 4.13). The
 * supervisor ends it after its time, with all that it started.
 */
final class CommandProbe implements Probe {
  private static final int SIGNAL_BASE = 128;

  private final Supervisor supervisor;
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
  CommandProbe(
      Supervisor supervisor,
      ExecutorService threads,
      CommandInfo command,
      Target target,
      Duration timeout) {
    this.supervisor = supervisor;
    this.threads = threads;
    this.command = command;
    this.target = target;
    this.timeout = timeout;
  }

  @Override
  public void look(Consumer<Result> then) {
    threads.execute(() -> then.accept(run()));
  }

  private Order order() {
    Map<String, String> environment = new HashMap<>(target.environment());
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      environment.put(variable.getName(), variable.getValue());
    }
    List<String> words =
        command.getShell()
            ? List.of("sh", "-c", command.getValue())
            : command.getArgumentsCount() == 0
                ? List.of(command.getValue())
                : command.getArgumentsList();
    Order order =
        Order.of(
            command.getShell() ? "/bin/sh" : command.getValue(),
            words,
            target.sandbox(),
            target.rights(),
            environment);
    return timeout.isZero() ? order : order.limit(timeout);
  }

  private Result run() {
    try {
      long begun = System.nanoTime();
      Process process = supervisor.startHelper(order(), ProcessBuilder.Redirect.DISCARD);
      int status = process.waitFor();
      // A command may exit with that status by itself.
      boolean late = !timeout.isZero() && System.nanoTime() - begun >= timeout.toNanos();
      process.getOutputStream().close();
      if (status == Supervisor.NOT_STARTED) {
        return Result.none("the command cannot be run");
      }
      if (status == Supervisor.LIMIT && late) {
        return Result.none("the command did not end within " + timeout.toMillis() + " ms");
      }
      return Result.of(
          status,
          status > SIGNAL_BASE
              ? "the command exited with " + status + ", or by signal " + (status - SIGNAL_BASE)
              : "the command exited with " + status);
    } catch (IOException e) {
      return Result.none("the command cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Result.none("the agent stops");
    }
  }
}
