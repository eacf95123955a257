package io.quorate.agent.isolate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Sees to it that containers use no more than they may (Mesos 4.9). Any thread may call it. */
public interface Isolator {
  /**
   * Makes what a container needs before it begins; again for one that is there.
   *
   * @return files that its first process writes its pid to
   * @throws IOException if it cannot be made; the message is for the framework
   */
  List<Path> prepare(String container, ContainerResources resources) throws IOException;

  /**
   * Changes what a container may use, while it runs.
   *
   * @throws IOException if the limit cannot be set
   */
  void update(String container, ContainerResources resources) throws IOException;

  /**
   * Returns the most memory that a container used, in bytes, if that was too much; else nothing.
   */
  OptionalLong memoryExceeded(RootContainer container);

  /** Removes what is left of a container that ended; false if something of it is still there. */
  boolean remove(String container);

  /** Says whether a limit above what was given means anything here. */
  boolean limits();
}
