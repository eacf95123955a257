package io.quorate.agent.task;

import java.nio.file.Path;
import java.util.Optional;

/** One run of a task or an executor, as every process of the agent finds it. */
public interface TaskProcess {
  /** What a shell adds to the number of a signal. */
  int SIGNAL_BASE = 128;

  /** How a shell tells SIGKILL. */
  Optional<Integer> KILLED = Optional.of(SIGNAL_BASE + 9);

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

  /** The status as wait(2) gives it. */
  static int waitStatus(int status) {
    return status > SIGNAL_BASE ? status - SIGNAL_BASE : status << Byte.SIZE;
  }

  /** How a shell status reads (Mesos 4.6). */
  static String message(int status) {
    return status > SIGNAL_BASE
        ? "Command terminated with signal " + (status - SIGNAL_BASE)
        : "Command exited with status " + status;
  }
}
