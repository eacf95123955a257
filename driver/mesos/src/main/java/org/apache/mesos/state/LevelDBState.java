package org.apache.mesos.state;

import io.quorate.driver.mesos.variable.DirectoryVariables;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Variables in a directory of this machine, for one process at a time. It is no LevelDB any more: a
 * file for each variable, which is synced before {@link #store} is done.
 */
public class LevelDBState extends AbstractState {
  /**
   * Opens the directory, and makes it if need be.
   *
   * @throws UncheckedIOException if that cannot be, another process has it open, or a LevelDB is in
   *     it
   */
  public LevelDBState(String path) {
    initialize(path);
  }

  /** Opens the directory. */
  protected void initialize(String path) {
    try {
      keepIn(DirectoryVariables.open(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
