package io.quorate.agent.docker;

import io.quorate.agent.docker.request.ContainerLabels;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskProcess;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * A run in a container of Docker. What is told of it is what its marks say, and no daemon is asked.
 *
 * @param signals takes the container and the name of a signal for it
 */
record DockerProcess(Layout.Run of, DockerMarks marks, BiConsumer<String, String> signals)
    implements TaskProcess {
  @Override
  public String container() {
    return of.container();
  }

  @Override
  public Path sandbox() {
    return of.sandbox();
  }

  @Override
  public boolean started() {
    return marks.started();
  }

  @Override
  public Optional<WaitStatus> status() {
    return marks.status();
  }

  @Override
  public boolean supervised() {
    return !marks.over();
  }

  @Override
  public Optional<Long> supervisorPid() {
    OptionalLong pid = marks.pid();
    return pid.isPresent() ? Optional.of(pid.getAsLong()) : Optional.empty();
  }

  @Override
  public ContainerFacts facts() {
    return marks.facts();
  }

  @Override
  public OptionalLong memoryExceeded() {
    return marks.memory();
  }

  @Override
  public Optional<String> docker() {
    return Optional.of(ContainerLabels.name(of.container()));
  }

  @Override
  public void signal(String name) {
    if (!marks.over()) {
      signals.accept(of.container(), name);
    }
  }
}
