package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The cable of {@code wire.c}, in the place of what connected a machine with its bridge. */
final class FaultyCable {
  private static final Duration LONG = Duration.ofSeconds(20);

  private FaultyCable() {}

  /**
   * Takes the machine's eth0 away and gives it another.
   *
   * @param program compiled
   * @param namespace of the machine's network, as a path on this machine
   * @param outer the name of the cable's other end, on this machine
   * @return the cable: it keeps the namespace alive, and ends with this process at the latest
   */
  static Process lay(
      Path program, Path control, Path namespace, String ip, String outer, String bridge)
      throws IOException {
    String inside = "nsenter --net=" + namespace + " ";
    // The other end goes with it.
    sh(inside + "ip link del eth0");
    Process wire =
        new ProcessBuilder(
                program.toString(), namespace.toString(), "eth0", outer, control.toString())
            .redirectErrorStream(true)
            .start();
    String said = wire.inputReader().readLine();
    if (!"ready".equals(said)) {
      throw new IOException("no wire to " + ip + ": " + said);
    }
    sh(
        String.join(
            " && ",
            "ip link set " + outer + " master " + bridge + " up",
            inside + "ip addr add " + ip + "/24 dev eth0",
            inside + "ip link set eth0 up"));
    return wire;
  }

  private static void sh(String script) throws IOException {
    Shell.run(LONG, List.of("sh", "-c", script));
  }
}
