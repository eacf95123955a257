package io.quorate.agent.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.quorate.agent.check.Probe;
import io.quorate.agent.supervise.Signals;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A command of a check inside a container, as {@code docker exec} runs it.
 *
 * @param name the container's
 * @param timeout after which the command is killed; zero for no time-out
 */
record ContainerCommand(DockerEngine engine, String name, CommandInfo command, Duration timeout) {
  private static final long FOR_EVER_MILLIS = TimeUnit.DAYS.toMillis(1);

  /** Runs it, and waits for its end. */
  Probe.Result result() {
    try {
      return run();
    } catch (IOException e) {
      return Probe.Result.none("the command cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Probe.Result.none("the agent stops");
    }
  }

  private List<String> words() {
    if (command.getShell()) {
      return List.of("/bin/sh", "-c", command.getValue());
    }
    List<String> words = new ArrayList<>(List.of(command.getValue()));
    // The first argument is the command's own name (Mesos 4.6).
    words.addAll(command.getArgumentsList().stream().skip(1).toList());
    return words;
  }

  private Probe.Result run() throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      environment.put(variable.getName(), variable.getValue());
    }
    String id = engine.prepare(name, words(), environment);
    DockerHttpClient.Response output = engine.run(id);
    CompletableFuture<Void> read = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (output) {
                output.getBody().transferTo(OutputStream.nullOutputStream());
              } catch (IOException | RuntimeException e) {
                read.completeExceptionally(e);
                return;
              }
              read.complete(null);
            },
            "docker-check-output");
    reader.setDaemon(true);
    reader.start();
    boolean late = !ends(read);
    DockerEngine.RanCommand ran = engine.command(id);
    if (late) {
      if (ran.running()) {
        Signals.send(ran.pid(), Signals.KILL);
      }
      output.close();
      return Probe.Result.none("the command did not end within " + timeout.toMillis() + " ms");
    }
    return ran.running()
        ? Probe.Result.none("the command's output ended, and it did not")
        : Probe.Result.of(ran.status(), "the command exited with " + ran.status());
  }

  /** Whether the output ends in time; that it breaks off is an end. */
  private boolean ends(CompletableFuture<Void> read) throws InterruptedException {
    long millis = timeout.isZero() ? FOR_EVER_MILLIS : timeout.toMillis();
    try {
      var unused = read.handle((done, failure) -> done).get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
