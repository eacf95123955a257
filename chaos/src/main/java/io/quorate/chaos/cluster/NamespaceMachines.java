package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Machines that are network namespaces on one bridge. They share this machine's files, users and
 * process numbers; needs root, iproute2 and iptables, and no Docker.
 */
public final class NamespaceMachines implements Machines {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String PREFIX = "qrt";
  private static final int SUBNETS = 200;

  private final String id = PREFIX + Long.toString(ProcessHandle.current().pid(), 36);
  private final String subnet;
  private final List<Namespace> machines = new ArrayList<>();
  private boolean removed;
  private final Thread atExit = new Thread(this::remove);

  /**
   * @throws IOException if this machine does not allow it; says what is missing
   */
  public NamespaceMachines() throws IOException {
    removeOrphans();
    subnet = freeSubnet();
    try {
      sh("ip link add " + id + " type bridge");
      sh("ip addr add " + subnet + ".1/24 dev " + id + " && ip link set " + id + " up");
      // Where Docker runs, bridged frames pass through iptables, and it drops those of others.
      sh("iptables -w -I FORWARD " + rule(id));
    } catch (IOException e) {
      throw new IOException(
          "network namespaces need root, and the packages iproute2 and iptables: " + e.getMessage(),
          e);
    }
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  @Override
  public String name() {
    return "namespaces";
  }

  @Override
  public void share(Path directory) {}

  @Override
  public ClusterMachine create(String name, int number, Path directory) throws IOException {
    String namespace = id + "-" + name;
    String veth = id + "." + number;
    Namespace machine = new Namespace(name, namespace, subnet + "." + number, directory);
    machines.add(machine);
    sh(
        String.join(
            " && ",
            "ip netns add " + namespace,
            "ip link add " + veth + " type veth peer name eth0 netns " + namespace,
            "ip link set " + veth + " master " + id + " up",
            "ip -n " + namespace + " link set lo up",
            "ip -n " + namespace + " addr add " + machine.ip() + "/24 dev eth0",
            "ip -n " + namespace + " link set eth0 up"));
    return machine;
  }

  private static String sh(String script) throws IOException {
    return Shell.run(LONG, List.of("sh", "-c", script));
  }

  /** The first of 10.210.x that nobody on this machine uses. */
  private static String freeSubnet() throws IOException {
    String taken = sh("ip -o addr");
    for (int i = 0; i < SUBNETS; i++) {
      if (!taken.contains(" 10.210." + i + ".")) {
        return "10.210." + i;
      }
    }
    throw new IOException("no free network 10.210.x.0/24 is left on this machine");
  }

  /** What a harness left that was killed: its number is in the names. */
  private static void removeOrphans() throws IOException {
    for (String line : sh("ip -o link show type bridge; ip netns list").lines().toList()) {
      for (String word : line.split("[ :@]+")) {
        if (word.matches(PREFIX + "[0-9a-z]+(-[a-z0-9-]+)?")) {
          String id = word.split("-")[0];
          long owner = Long.parseLong(id.substring(PREFIX.length()), 36);
          if (ProcessHandle.of(owner).isEmpty()) {
            remove(word);
            Mounts.removeSmall(id);
          }
        }
      }
    }
  }

  private static String rule(String bridge) {
    return "-i " + bridge + " -o " + bridge + " -j ACCEPT";
  }

  /** A namespace with what runs in it, or a bridge. */
  private static void remove(String name) {
    remove(name, "");
  }

  private static void remove(String name, String first) {
    try {
      if (name.contains("-")) {
        sh(first + "ip netns pids " + name + " | xargs -r kill -9; ip netns del " + name);
      } else {
        sh("iptables -w -D FORWARD " + rule(name) + " || true; ip link del " + name);
      }
    } catch (IOException e) {
      System.err.println("quorate: not removed: " + e.getMessage());
    }
  }

  private synchronized void remove() {
    if (removed) {
      return;
    }
    removed = true;
    for (Namespace machine : machines) {
      // A namespace takes its end of the wire with it only later, and the name would be taken.
      remove(
          machine.namespace,
          "ip link del " + id + machine.ip.substring(machine.ip.lastIndexOf('.')) + "; ");
    }
    machines.clear();
    remove(id);
    // Named after the harness that mounted them.
    Mounts.removeSmall(id);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    remove();
  }

  private record Namespace(String name, String namespace, String ip, Path directory)
      implements ClusterMachine {

    @Override
    public List<String> java(List<String> options) {
      List<String> words = new ArrayList<>();
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(options);
      words.add("-cp");
      words.add(System.getProperty("java.class.path"));
      return words;
    }

    @Override
    public String run(String script, Duration atMost) throws IOException {
      return Shell.run(
          atMost,
          List.of("ip", "netns", "exec", namespace, "sh", "-c", "cd " + directory + "\n" + script));
    }

    @Override
    public void smallDisk(String folder, int mebibytes) throws IOException {
      // Here, not in the namespace: each of its processes sees the mounts as they were at its
      // start.
      Mounts.small(directory.resolve(folder), mebibytes, bridge());
    }

    @Override
    public void wire(Path program, Path control) throws IOException {
      String outer = bridge() + ip.substring(ip.lastIndexOf('.'));
      // Is in the namespace, and ends with it.
      var unused =
          FaultyCable.lay(program, control, Path.of("/run/netns", namespace), ip, outer, bridge());
    }

    /** The name of all that this harness makes. */
    private String bridge() {
      return namespace.substring(0, namespace.indexOf('-'));
    }

    @Override
    public Running spawn(String process, List<String> command, Map<String, String> environment)
        throws IOException {
      String script =
          "cd " + directory + "\necho $$ >" + process + ".pid\nexec " + Shell.quote(command);
      ProcessBuilder builder =
          new ProcessBuilder(
              Arrays.asList("ip", "netns", "exec", namespace, "setsid", "sh", "-c", script));
      builder.environment().putAll(environment);
      builder.redirectErrorStream(true);
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.redirectOutput(
          ProcessBuilder.Redirect.appendTo(directory.resolve(process + ".log").toFile()));
      Process started = builder.start();
      return new Running() {
        @Override
        public boolean alive() {
          return started.isAlive();
        }

        @Override
        public int status() {
          return started.isAlive() ? -1 : started.exitValue();
        }
      };
    }
  }
}
