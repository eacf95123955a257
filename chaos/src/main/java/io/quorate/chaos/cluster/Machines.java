package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Where a cluster's machines come from. Each has an address of its own on one private network, and
 * the process that runs the harness reaches every machine, whatever is cut off between them.
 */
public interface Machines extends AutoCloseable {
  /** {@code namespaces} or {@code containers}. */
  String name();

  /**
   * A new machine.
   *
   * @param name unlike all others of this cluster; a DNS label
   * @param number the last part of its address, 2 to 254, unlike all others
   * @param directory the only directory that it shares with this machine, under the same path
   * @throws IOException if it cannot be made; says what is missing on this machine
   */
  ClusterMachine create(String name, int number, Path directory) throws IOException;

  /** A directory that every machine may read, under the same path. Before the first machine. */
  void share(Path directory);

  /** Removes every machine with all that runs on it. */
  @Override
  void close();
}
