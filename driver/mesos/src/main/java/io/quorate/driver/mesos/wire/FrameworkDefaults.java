package io.quorate.driver.mesos.wire;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What Mesos's driver fills in for a framework that leaves it empty: its user and its host. */
public final class FrameworkDefaults {
  private static final int USER = 1;
  private static final int HOSTNAME = 7;

  private FrameworkDefaults() {}

  /** Returns the FrameworkInfo with a user and a host name. */
  public static byte[] complete(byte[] framework) {
    WireFields fields = WireFields.parse(framework);
    WireWriter complete = new WireWriter().fields(framework);
    if (fields.text(USER).isEmpty()) {
      complete.text(USER, System.getProperty("user.name", ""));
    }
    if (fields.text(HOSTNAME).isEmpty()) {
      try {
        complete.text(HOSTNAME, InetAddress.getLocalHost().getHostName());
      } catch (UnknownHostException e) {
        // The machine has no name that it knows; the framework stays without.
      }
    }
    return complete.toBytes();
  }
}
