package io.quorate.agent.task;

import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.WaitStatus;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** One run of a task or an executor, as every process of the agent finds it. */
public interface TaskProcess {
  /** The id of the run. */
  String container();

  /** Returns its working directory. */
  Path sandbox();

  /** Whether it was ever started. */
  boolean started();

  /** How it ended, once it has. */
  Optional<WaitStatus> status();

  /** Whether its supervisor still runs, and so may leave a status yet. */
  boolean supervised();

  /** Returns the supervisor's pid. */
  Optional<Long> supervisorPid();

  /** What is told of its container. */
  default ContainerFacts facts() {
    return ContainerFacts.NONE;
  }

  /** In bytes, where a daemon says that it ended for its memory. */
  default OptionalLong memoryExceeded() {
    return OptionalLong.empty();
  }

  /** The name of its container, if that is one of Docker. */
  default Optional<String> docker() {
    return Optional.empty();
  }

  /** Sends TERM or KILL to it and to all that it started. */
  void signal(String name);
}
