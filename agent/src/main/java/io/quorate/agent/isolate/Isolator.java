package io.quorate.agent.isolate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Sees to it that a container uses no more than it may. Any thread. */
public interface Isolator {
  /**
   * Makes what a container needs before it begins; again for one that is there.
   *
   * @return files that its first process writes its pid to
   * @throws IOException if it cannot be made; the message is for the framework
   */
  List<Path> prepare(String container, ContainerResources amounts) throws IOException;

  /** Its amounts are others now. */
  void update(String container, ContainerResources amounts) throws IOException;

  /** The most memory that it used, in bytes, if that was too much; empty otherwise. */
  OptionalLong memoryExceeded(RootContainer unit);

  /** It ended: false if something of it is still there. */
  boolean remove(String container);

  /** Whether a limit above what was given means anything here. */
  boolean limits();
}
