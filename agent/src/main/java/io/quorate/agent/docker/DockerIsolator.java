package io.quorate.agent.docker;

import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.RootContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * The agent's isolator for all that is not in a container of Docker; what is, the daemon limits.
 *
 * @param others the agent's own
 */
public record DockerIsolator(Isolator others, DockerLauncher docker) implements Isolator {
  @Override
  public List<Path> prepare(String container, ContainerResources resources) throws IOException {
    return others.prepare(container, resources);
  }

  @Override
  public void update(String container, ContainerResources resources) throws IOException {
    if (docker.holds(container)) {
      docker.update(container, resources);
    } else {
      others.update(container, resources);
    }
  }

  @Override
  public OptionalLong memoryExceeded(RootContainer container) {
    // The daemon kills what uses too much, and says so.
    return docker.holds(container.id()) ? OptionalLong.empty() : others.memoryExceeded(container);
  }

  @Override
  public boolean remove(String container) {
    return others.remove(container);
  }

  @Override
  public boolean limits() {
    return others.limits();
  }
}
