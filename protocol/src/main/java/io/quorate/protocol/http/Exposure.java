package io.quorate.protocol.http;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether others than this machine can reach an address that is bound, and by what names it goes.
 */
public final class Exposure {
  private Exposure() {}

  /** Whether only this machine can reach it, whatever else is attached to the machine. */
  public static boolean loopback(String ip) {
    try {
      return InetAddress.getByName(ip).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * Whether another machine can reach it: it is not loopback's, and there is a network besides. An
   * address on the loopback interface counts as reachable, since the kernel answers for it on all.
   */
  public static boolean reachable(String ip) {
    return !loopback(ip) && hasNetwork();
  }

  private static boolean hasNetwork() {
    try {
      return NetworkInterface.networkInterfaces().anyMatch(Exposure::leadsOut);
    } catch (SocketException e) {
      return true;
    }
  }

  private static boolean leadsOut(NetworkInterface network) {
    try {
      return network.isUp() && !network.isLoopback();
    } catch (SocketException e) {
      return true;
    }
  }

  /** The names by which pages of our own may call a port on loopback; empty if it is another. */
  public static Optional<Set<String>> names(String ip, String hostname, Set<String> more) {
    if (!loopback(ip)) {
      return Optional.empty();
    }
    Set<String> names = new TreeSet<>(more);
    names.add("localhost");
    names.add(hostname);
    try {
      InetAddress self = InetAddress.getLocalHost();
      names.add(self.getHostName());
    } catch (UnknownHostException e) {
      // Then it has no name of its own that anybody could use.
      return Optional.of(names);
    }
    return Optional.of(names);
  }

  /**
   * Why a daemon must not start.
   *
   * @param open what nobody has to log in for; empty if it is nothing
   * @param insecure whether the operator says that it is meant so
   */
  public static Optional<String> refusal(String ip, String open, boolean insecure) {
    return insecure || open.isEmpty() || !reachable(ip)
        ? Optional.empty()
        : Optional.of(
            "--ip="
                + ip
                + " is reached from other machines, and without a password whoever reaches it can "
                + open
                + ". Bind 127.0.0.1, or ask for passwords (--credentials, --authenticate_http_...),"
                + " or say --insecure if the network lets in only whom you trust");
  }
}
