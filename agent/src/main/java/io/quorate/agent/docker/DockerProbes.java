package io.quorate.agent.docker;

import io.quorate.agent.check.Probe;
import io.quorate.agent.check.Probes;
import io.quorate.agent.check.Target;
import io.quorate.agent.check.TaskChecks;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.NetworkInfo;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Probes of what is in containers of Docker: commands run inside, with the container's own
 * variables, and connections are made from its own network to its loopback address (Mesos 4.13).
 * For all else it asks the others.
 */
public final class DockerProbes implements Probes {
  private final Probes others;
  private final DockerEngine engine;
  private final ExecutorService threads;

  /**
   * Makes a maker of probes.
   *
   * @param others for what is in no container of Docker
   */
  public DockerProbes(AgentSettings settings, Probes others) {
    this.others = others;
    this.engine = DockerLauncher.engine(settings.docker());
    this.threads =
        Executors.newFixedThreadPool(
            settings.checksMax(),
            task -> {
              Thread thread = new Thread(task, "docker-check");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public Probe of(HealthCheck check, Target target) {
    if (target.docker().isEmpty()) {
      return others.of(check, target);
    }
    Duration timeout = TaskChecks.seconds(check.getTimeoutSeconds());
    String name = target.docker().get();
    return switch (check.getType()) {
      case COMMAND -> command(name, check.getCommand(), timeout);
      case HTTP ->
          connection(
              name,
              new ContainerConnection(
                  check.getHttp().getScheme().equals("https"),
                  six(check.getHttp().getProtocol()),
                  check.getHttp().getPort(),
                  check.getHttp().getPath(),
                  timeout),
              true);
      case TCP ->
          connection(
              name,
              new ContainerConnection(
                  false, six(check.getTcp().getProtocol()), check.getTcp().getPort(), "", timeout),
              false);
      case UNKNOWN -> throw new IllegalArgumentException("a health check of no known type");
    };
  }

  @Override
  public Probe of(CheckInfo check, Target target) {
    if (target.docker().isEmpty()) {
      return others.of(check, target);
    }
    Duration timeout = TaskChecks.seconds(check.getTimeoutSeconds());
    String name = target.docker().get();
    return switch (check.getType()) {
      case COMMAND -> command(name, check.getCommand().getCommand(), timeout);
      case HTTP ->
          connection(
              name,
              new ContainerConnection(
                  false, false, check.getHttp().getPort(), check.getHttp().getPath(), timeout),
              true);
      case TCP ->
          connection(
              name,
              new ContainerConnection(false, false, check.getTcp().getPort(), "", timeout),
              false);
      case UNKNOWN -> throw new IllegalArgumentException("a check of no known type");
    };
  }

  private static boolean six(NetworkInfo.Protocol protocol) {
    return protocol == NetworkInfo.Protocol.IPv6;
  }

  private Probe command(String name, CommandInfo command, Duration timeout) {
    ContainerCommand run = new ContainerCommand(engine, name, command, timeout);
    return then -> threads.execute(() -> then.accept(run.result()));
  }

  private Probe connection(String name, ContainerConnection connection, boolean http) {
    return then -> threads.execute(() -> then.accept(connection.result(engine, name, http)));
  }
}
