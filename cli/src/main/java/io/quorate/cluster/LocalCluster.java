package io.quorate.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Masters and agents as separate processes on loopback, in one directory. Closing it leaves no
 * process behind, nor does the end of this process, however it comes; only a detached cluster
 * stays.
 */
public final class LocalCluster implements AutoCloseable {
  private static final int SECRET_BYTES = 32;
  private static final long POLL_MILLIS = 20;

  private final Path directory;
  private final boolean detached;
  private final List<String> masterAddresses = new ArrayList<>();
  private final List<String> agentAddresses = new ArrayList<>();
  private final List<String> members = new ArrayList<>();
  private final List<Daemon> masters = new ArrayList<>();
  private final List<Daemon> agents = new ArrayList<>();
  private final HttpReader reader;
  private final List<String> masterFlags;

  private LocalCluster(
      Path directory, boolean detached, List<String> masterFlags, HttpReader reader) {
    this.masterFlags = masterFlags;
    this.reader = reader;
    this.directory = directory;
    this.detached = detached;
  }

  /**
   * What a cluster is made of.
   *
   * @param port of the first master, the others on the ports after it; 0 for free ones
   * @param resources of each agent; empty for those of this machine
   */
  public record Plan(
      Path directory, int masters, int agents, int port, String resources, boolean detached) {}

  /** Makes the directory and starts every process; {@link #awaitServing} waits for them. */
  public static LocalCluster start(Plan plan) throws IOException {
    return start(plan, List.of(), List.of(), new HttpReader());
  }

  /** Starts a cluster whose agents are given more options. */
  public static LocalCluster start(Plan plan, List<String> agentOptions) throws IOException {
    return start(plan, List.of(), agentOptions, new HttpReader());
  }

  /**
   * Starts a cluster whose masters and agents are given more options.
   *
   * @param reader may read the masters' state
   */
  public static LocalCluster start(
      Plan plan, List<String> masterFlags, List<String> agentOptions, HttpReader reader)
      throws IOException {
    Path directory = plan.directory().toAbsolutePath();
    Files.createDirectories(directory);
    ClusterLayout layout = ClusterLayout.choose(plan);
    LocalCluster cluster = new LocalCluster(directory, plan.detached(), masterFlags, reader);
    secret(directory.resolve("raft.secret"));
    secret(directory.resolve("agent.secret"));
    List<String> quorum = layout.members().stream().map(port -> "127.0.0.1:" + port).toList();
    for (int i = 0; i < plan.masters(); i++) {
      cluster.addMaster(
          layout.masters().get(i), layout.members().get(i), "--quorum=" + String.join(",", quorum));
    }
    for (int i = 0; i < plan.agents(); i++) {
      cluster.addAgent(i, layout.agents().get(i), plan.resources(), agentOptions);
    }
    try {
      for (Daemon master : cluster.masters) {
        master.start();
      }
      for (Daemon agent : cluster.agents) {
        agent.start();
      }
    } catch (IOException e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private void addMaster(int port, int raftPort, String first) {
    int i = masters.size();
    Path work = masterDirectory(i);
    members.add("127.0.0.1:" + raftPort);
    masterAddresses.add("127.0.0.1:" + port);
    List<String> arguments = new ArrayList<>();
    arguments.add("--port=" + port);
    arguments.add("--raft_port=" + raftPort);
    arguments.add(first);
    arguments.add("--work_dir=" + work);
    arguments.add("--raft_secret_file=" + directory.resolve("raft.secret"));
    arguments.add("--agent_secret_file=" + directory.resolve("agent.secret"));
    arguments.addAll(masterFlags);
    masters.add(
        Daemon.of(
            "io.quorate.master.MasterMain",
            arguments,
            directory.resolve("master" + i + ".log"),
            detached));
  }

  private void addAgent(int i, int port, String resources, List<String> options) {
    Path work = directory.resolve("agent" + i);
    agentAddresses.add("127.0.0.1:" + port);
    List<String> arguments = new ArrayList<>(options);
    arguments.add("--port=" + port);
    arguments.add("--master=" + String.join(",", masterAddresses));
    arguments.add("--work_dir=" + work);
    arguments.add("--agent_secret_file=" + directory.resolve("agent.secret"));
    if (!resources.isEmpty()) {
      arguments.add("--resources=" + resources);
    }
    agents.add(
        Daemon.of(
            "io.quorate.agent.AgentMain",
            arguments,
            directory.resolve("agent" + i + ".log"),
            detached));
  }

  private static void secret(Path file) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, HexFormat.of().formatHex(secret), StandardCharsets.UTF_8);
    }
  }

  /** Ports that were free a moment ago. */
  public static List<Integer> freePorts(int count) throws IOException {
    return ClusterLayout.freePorts(count);
  }

  /** Addresses of the masters' HTTP ports. */
  public List<String> masters() {
    return List.copyOf(masterAddresses);
  }

  /** Addresses of the agents' ports. */
  public List<String> agents() {
    return List.copyOf(agentAddresses);
  }

  /** The pids of all processes. */
  public List<Long> pids() {
    return Stream.concat(masters.stream(), agents.stream()).map(Daemon::pid).toList();
  }

  public Path directory() {
    return directory;
  }

  /** The number of the master that leads and serves now; empty if none does. */
  public Optional<Integer> leader() {
    for (int i = 0; i < masters.size(); i++) {
      if (masters.get(i).alive() && isMaster(i) && reader.serves(masterAddresses.get(i))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** Whether our master answers at its address, and not one of another cluster. */
  private boolean isMaster(int i) {
    return reader
        .status(masterAddresses.get(i))
        .filter(status -> status.member().equals(members.get(i)))
        .isPresent();
  }

  /**
   * Waits for a master that leads and serves.
   *
   * @return its number
   * @throws IOException if none does in time
   */
  public int awaitLeader(Duration atMost) throws IOException {
    AtomicReference<Optional<Integer>> found = new AtomicReference<>(Optional.empty());
    await(
        atMost,
        () -> {
          found.set(leader());
          return found.get().isPresent();
        });
    return found
        .get()
        .orElseThrow(
            () -> new IOException("no leader after " + atMost + ": see the logs in " + directory));
  }

  /** Agents that the leader counts as connected. */
  public int connectedAgents() {
    return leader()
        .flatMap(i -> reader.get(masterAddresses.get(i), "/master/state"))
        .map(state -> state.path("activated_slaves").asInt())
        .orElse(0);
  }

  /**
   * Waits for a leader and all agents.
   *
   * @throws IOException if a process ended, or the time is over; names the log to look at
   */
  public void awaitServing(Duration atMost) throws IOException {
    boolean serving =
        await(
            atMost,
            () -> {
              boolean broken =
                  Stream.concat(masters.stream(), agents.stream())
                      .anyMatch(daemon -> !daemon.alive());
              return broken || (leader().isPresent() && connectedAgents() == agents.size());
            });
    for (int i = 0; i < masters.size(); i++) {
      if (!masters.get(i).alive()) {
        throw new IOException("master " + i + " ended: see " + directory + "/master" + i + ".log");
      }
    }
    for (int i = 0; i < agents.size(); i++) {
      if (!agents.get(i).alive()) {
        throw new IOException("agent " + i + " ended: see " + directory + "/agent" + i + ".log");
      }
    }
    if (!serving) {
      throw new IOException(
          "no leader with all agents after " + atMost + ": see the logs in " + directory);
    }
  }

  /** Polls until it holds, or the time is over. */
  public static boolean await(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() >= deadline) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  /**
   * Starts a blank master that waits to be added to the quorum.
   *
   * @return its number
   */
  public int joinMaster() throws IOException {
    List<Integer> ports = freePorts(2);
    addMaster(ports.get(0), ports.get(1), "--join");
    masters.get(masters.size() - 1).start();
    return masters.size() - 1;
  }

  /** A master's Raft port, its name in the quorum. */
  public String member(int i) {
    return members.get(i);
  }

  /** Where a master keeps its data. */
  public Path masterDirectory(int i) {
    return directory.resolve("master" + i);
  }

  public void killMaster(int i) {
    masters.get(i).kill();
  }

  public void restartMaster(int i) throws IOException {
    masters.get(i).start();
  }

  public void killAgent(int i) {
    agents.get(i).kill();
  }

  public void restartAgent(int i) throws IOException {
    agents.get(i).start();
  }

  public HttpReader reader() {
    return reader;
  }

  /** Stops every process, and the tasks that agents left. */
  @Override
  public void close() {
    agents.forEach(Daemon::stop);
    masters.parallelStream().forEach(Daemon::stop);
    Leftovers.kill(directory);
  }
}
