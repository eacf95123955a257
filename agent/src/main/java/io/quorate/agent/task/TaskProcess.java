package io.quorate.agent.task;

import java.nio.file.Path;
import java.util.Optional;

/** One run of a task or an executor, as every process of the agent finds it. */
public interface TaskProcess {
  /** How a shell tells that SIGKILL ended a process. */
  int KILLED = 128 + 9;

  /** The id of the run. */
  String container();

  /** Its working directory. */
  Path sandbox();

  /** Whether it was ever started. */
  boolean started();

  /** The exit status as the shell tells it, once it has ended. */
  Optional<Integer> exitStatus();

  /** Whether its supervisor still runs, and so may leave an exit status yet. */
  boolean supervised();

  /** The supervisor's pid. */
  Optional<Long> supervisorPid();

  /** Sends a signal to its process group and to descendants that left it. */
  void signal(String name);
}
