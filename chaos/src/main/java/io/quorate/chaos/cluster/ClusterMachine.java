package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One machine: an address, a directory, processes. */
public interface ClusterMachine {
  String name();

  String ip();

  /** The same path here and there. */
  Path directory();

  /** The words that run a Java class on the machine, up to and without the class. */
  List<String> java(List<String> options);

  /**
   * Runs a script as root on the machine and waits for it.
   *
   * @return what it printed on both streams
   * @throws IOException if it does not end in time, or not with 0; says what it printed
   */
  String run(String script, Duration atMost) throws IOException;

  /**
   * Puts a folder of its directory on a small file system of its own, here and there. Before
   * anything is started on it.
   */
  void smallDisk(String folder, int mebibytes) throws IOException;

  /**
   * Puts a cable of ours between the machine and the network, as {@code wire.c} does. Before
   * anything is started on it.
   *
   * @param program that one, compiled
   * @param control the file that it is told by
   */
  void wire(Path program, Path control) throws IOException;

  /**
   * Starts a process that goes on. Its pid, as the machine numbers it, is in the file {@code
   * NAME.pid} of the directory, what it prints is appended to {@code NAME.log}.
   */
  Running spawn(String name, List<String> command, Map<String, String> environment)
      throws IOException;

  /** A process that was started. */
  interface Running {
    boolean alive();

    /** Its exit status, 128 + the number of the signal that ended it; -1 while it runs. */
    int status();
  }
}
