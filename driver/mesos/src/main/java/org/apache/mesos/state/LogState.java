package org.apache.mesos.state;

import io.quorate.driver.mesos.variable.QuorumVariables;
import java.util.concurrent.TimeUnit;

/**
 * Variables in the masters of Quorate, whose replicated log takes the place of one of the
 * framework's own: there is no quorum to say the size of, no path, and no snapshot to make.
 */
public class LogState extends AbstractState {
  /** See {@link ZooKeeperState} for servers and znode. */
  public LogState(
      String servers, long timeout, TimeUnit unit, String znode, long quorum, String path) {
    this(servers, timeout, unit, znode, quorum, path, 0);
  }

  /** The same. */
  public LogState(
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      long quorum,
      String path,
      int diffsBetweenSnapshots) {
    initialize(servers, timeout, unit, znode, quorum, path, diffsBetweenSnapshots);
  }

  /** Opens the state. */
  protected void initialize(
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      long quorum,
      String path,
      int diffsBetweenSnapshots) {
    keepIn(QuorumVariables.open(servers, unit.toNanos(timeout), znode));
  }
}
