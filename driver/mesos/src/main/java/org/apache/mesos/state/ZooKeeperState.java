package org.apache.mesos.state;

import io.quorate.driver.mesos.variable.QuorumVariables;
import java.util.concurrent.TimeUnit;

/**
 * Variables in the masters of Quorate. There is no ZooKeeper: {@code servers} are the masters, as a
 * scheduler driver is told them, and the znode is a prefix of the names (docs/variables.md).
 */
public class ZooKeeperState extends AbstractState {
  /** For whoever need not log in, or has what {@code QUORATE_STATE_CREDENTIAL} names. */
  public ZooKeeperState(String servers, long timeout, TimeUnit unit, String znode) {
    initialize(servers, timeout, unit, znode);
  }

  /**
   * Logs in.
   *
   * @param scheme is not looked at: it is HTTP Basic
   * @param credentials {@code principal:secret}
   */
  public ZooKeeperState(
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      String scheme,
      byte[] credentials) {
    initialize(servers, timeout, unit, znode, scheme, credentials);
  }

  /** Opens the state. */
  protected void initialize(String servers, long timeout, TimeUnit unit, String znode) {
    keepIn(QuorumVariables.open(servers, unit.toNanos(timeout), znode));
  }

  /** Opens the state, and logs in. */
  protected void initialize(
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      String scheme,
      byte[] credentials) {
    keepIn(QuorumVariables.open(servers, unit.toNanos(timeout), znode, credentials));
  }
}
