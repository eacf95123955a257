package io.quorate.agent.flags;

import io.quorate.protocol.text.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags about containerizers, and Docker's above all (Mesos 4.9, 9). */
public final class DockerOptions {
  private static final Set<String> KNOWN = Set.of("mesos", "docker");

  @Option(
      names = "--containerizers",
      split = ",",
      description =
          "What runs tasks and executors: mesos for those without an image, docker for those with a"
              + " container of type DOCKER, or both (default: mesos, as in Mesos).")
  private List<String> containerizers = List.of("mesos");

  @Option(
      names = {"--docker_socket", "--docker-socket"},
      description = "The Docker daemon's socket (default: ${DEFAULT-VALUE}).")
  private Path socket = Path.of("/var/run/docker.sock");

  @Option(
      names = {"--docker_stop_timeout", "--docker-stop-timeout"},
      converter = DurationConverter.class,
      description =
          "From SIGTERM to SIGKILL of a Docker container, where neither its task nor the kill says"
              + " (default: --executor_shutdown_grace_period).")
  private Duration stopTimeout;

  @Option(
      names = {"--docker_remove_delay", "--docker-remove-delay"},
      converter = DurationConverter.class,
      description = "How long a Docker container stays after its end (default: 6hrs).")
  private Duration removeDelay = Duration.ofHours(6);

  @Option(
      names = {"--docker_kill_orphans", "--docker-kill-orphans"},
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "End Docker containers that this agent made and that no task or executor of it knows"
              + " (default: true).")
  private boolean killOrphans;

  @Option(
      names = {"--docker_config", "--docker-config"},
      description =
          "Logins of registries in the form of Docker's config.json: a JSON text, file:// and a"
              + " path, or an absolute path (default: none; a sandbox may have its own).")
  private String config;

  @Option(
      names = {"--docker_stall_timeout", "--docker-stall-timeout"},
      converter = DurationConverter.class,
      description =
          "After so long without progress the pull of an image is given up (default: 1mins).")
  private Duration stallTimeout = Duration.ofMinutes(1);

  @Option(
      names = {"--docker_call_timeout", "--docker-call-timeout"},
      converter = DurationConverter.class,
      description =
          "After so long without an answer a call of the Docker daemon is given up (default:"
              + " 1mins).")
  private Duration callTimeout = Duration.ofMinutes(1);

  @Option(
      names = {"--max_docker_launches", "--max-docker-launches"},
      description =
          "Docker containers that are pulled for and started at the same time; more wait (default:"
              + " ${DEFAULT-VALUE}).")
  private int launchesMax = 16;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the settings that the flags say.
   *
   * @param shutdownGrace the {@code --executor_shutdown_grace_period}
   * @throws ParameterException if one is out of its bounds; the message names the flag and the rule
   */
  public DockerSettings settings(Duration shutdownGrace) {
    for (String name : containerizers) {
      if (!KNOWN.contains(name)) {
        throw refusal("--containerizers: '" + name + "' is none of mesos and docker");
      }
    }
    if (containerizers.isEmpty() || Set.copyOf(containerizers).size() < containerizers.size()) {
      throw refusal("--containerizers must name mesos, docker or both, each once");
    }
    if (!socket.isAbsolute()) {
      throw refusal("--docker_socket must be an absolute path, not '" + socket + "'");
    }
    if (launchesMax < 1) {
      throw refusal("--max_docker_launches must be at least 1, not " + launchesMax);
    }
    if (!positive(callTimeout) || !positive(stallTimeout)) {
      throw refusal("--docker_call_timeout and --docker_stall_timeout must be longer than nothing");
    }
    return new DockerSettings(
        List.copyOf(containerizers),
        socket,
        stopTimeout == null ? shutdownGrace : stopTimeout,
        removeDelay,
        killOrphans,
        callTimeout,
        stallTimeout,
        launchesMax,
        Optional.ofNullable(config).map(DockerOptions::text));
  }

  private static boolean positive(Duration time) {
    return !time.isZero() && !time.isNegative();
  }

  private static String text(String said) {
    return FlagSources.text("--docker_config", said.startsWith("/") ? "file://" + said : said);
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
