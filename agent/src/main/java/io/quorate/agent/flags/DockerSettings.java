package io.quorate.agent.flags;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the containerizers, and of Docker's above all (Mesos 4.9, 9).
 *
 * @param containerizers {@code mesos}, {@code docker} or both
 * @param socket of the Docker daemon
 * @param stopTimeout from SIGTERM to SIGKILL of a container whose task says nothing of it
 * @param removeDelay how long a container stays after its end
 * @param killOrphans whether containers of this agent that no task knows are ended
 * @param callTimeout after so long without an answer a call of the daemon is given up
 * @param stallTimeout after so long without a word the pull of an image is given up
 * @param launchesMax containers that are pulled for and started at the same time
 * @param config the registries' logins in Docker's own form, a JSON text; it is a secret
 */
public record DockerSettings(
    List<String> containerizers,
    Path socket,
    Duration stopTimeout,
    Duration removeDelay,
    boolean killOrphans,
    Duration callTimeout,
    Duration stallTimeout,
    int launchesMax,
    Optional<String> config) {
  /** Without Docker. */
  public static final DockerSettings NONE =
      new DockerSettings(
          List.of("mesos"),
          Path.of("/var/run/docker.sock"),
          Duration.ofSeconds(5),
          Duration.ofHours(6),
          true,
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          1,
          Optional.empty());

  /** Whether containers of Docker may be launched. */
  public boolean enabled() {
    return containerizers.contains("docker");
  }

  /** All but the logins. */
  @Override
  public String toString() {
    return "DockerSettings[containerizers=" + containerizers + ", socket=" + socket + "]";
  }
}
