package io.quorate.chaos.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Masters, agents and clients, each on a machine of its own. */
public final class ChaosCluster implements AutoCloseable {
  private static final int SECRET_BYTES = 32;
  private static final int FIRST_MASTER = 11;
  private static final int FIRST_AGENT = 51;
  private static final int FIRST_CLIENT = 101;
  private static final int LAST = 254;

  /** Of every Java process of a run. */
  public static final List<String> JAVA_OPTIONS =
      List.of(
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
          "-Dchronicle.analytics.disable=true",
          "-XX:+ExitOnOutOfMemoryError",
          // Many processes share a small machine.
          "-Xmx512m",
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC");

  /**
   * What a cluster is made of.
   *
   * @param directory of the run; nodes are below {@code nodes/}
   * @param resources of each agent, e.g. {@code cpus:4;mem:4096}
   */
  public record Plan(
      Path directory,
      int masters,
      int agents,
      String resources,
      List<String> masterFlags,
      List<String> agentFlags) {}

  private final Plan plan;
  private final Machines machines;
  private final Path shared;
  private final HttpReader reader = new HttpReader();
  private final List<ClusterNode> nodes = new CopyOnWriteArrayList<>();
  private final List<ClusterNode> retired = new CopyOnWriteArrayList<>();
  private final List<String> quorum;
  private final List<ClusterMachine> masterMachines = new ArrayList<>();
  private int strangers;
  private int strangeClients;
  private final List<Fitting> fittings = new ArrayList<>();

  /** Makes masters and agents; nothing runs yet. */
  public ChaosCluster(Plan plan, Machines machines) throws IOException {
    this.plan = plan;
    this.machines = machines;
    this.shared = plan.directory().resolve("shared");
    Files.createDirectories(shared);
    secret(shared.resolve("raft.secret"));
    secret(shared.resolve("agent.secret"));
    machines.share(shared);
    for (int i = 0; i < plan.masters(); i++) {
      masterMachines.add(machine("master" + i, FIRST_MASTER + i));
    }
    quorum = masterMachines.stream().map(machine -> machine.ip() + ":5060").toList();
    masterMachines.forEach(machine -> nodes.add(master(machine, quorum)));
    for (int i = 0; i < plan.agents(); i++) {
      nodes.add(agent(machine("agent" + i, FIRST_AGENT + i)));
    }
  }

  private ClusterMachine machine(String name, int number) throws IOException {
    Path directory = plan.directory().resolve("nodes").resolve(name);
    Files.createDirectories(directory);
    return machines.create(name, number, directory);
  }

  private ClusterNode master(ClusterMachine machine, List<String> members) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--ip=" + machine.ip());
    arguments.add(members.isEmpty() ? "--join" : "--quorum=" + String.join(",", members));
    arguments.add("--work_dir=" + machine.directory().resolve("work"));
    arguments.add("--raft_secret_file=" + shared.resolve("raft.secret"));
    arguments.add("--agent_secret_file=" + shared.resolve("agent.secret"));
    // Its network is of this run alone.
    arguments.add("--insecure");
    arguments.addAll(plan.masterFlags());
    return new ClusterNode(
        ClusterNode.Kind.MASTER, machine, "io.quorate.master.MasterMain", arguments, JAVA_OPTIONS);
  }

  /**
   * A master on a machine of its own that waits to be made a member.
   *
   * @throws IOException if there were too many already: each has another address
   */
  public ClusterNode addMaster() throws IOException {
    int number = masterMachines.size();
    if (FIRST_MASTER + number >= FIRST_AGENT) {
      throw new IOException("no addresses are left for another master");
    }
    ClusterMachine machine = machine("master" + number, FIRST_MASTER + number);
    masterMachines.add(machine);
    ClusterNode node = master(machine, List.of());
    for (Fitting fitting : fittings) {
      fitting.fit(node);
    }
    nodes.add(node);
    return node;
  }

  /**
   * An agent on a machine of its own that is none of the cluster's: for who should not be there.
   *
   * @throws IOException if there were too many already: each has another address
   */
  public ClusterNode stranger() throws IOException {
    int number = plan.agents() + strangers++;
    if (FIRST_AGENT + number >= FIRST_CLIENT) {
      throw new IOException("no addresses are left for another agent");
    }
    ClusterNode node = agent(machine("agent" + number, FIRST_AGENT + number));
    for (Fitting fitting : fittings) {
      fitting.fit(node);
    }
    return node;
  }

  /** Another agent, as {@link #stranger} makes it, that is one of the cluster's. */
  public ClusterNode addAgent() throws IOException {
    ClusterNode node = stranger();
    nodes.add(node);
    return node;
  }

  /**
   * Whether the leader counts an agent as connected, and it is: a new leader first counts those of
   * the last one, and one that was refused may still hold a connection.
   */
  public boolean linked(ClusterNode agent) {
    return leader()
        .filter(
            leader ->
                listed(leader, agent).filter(it -> it.path("active").asBoolean()).isPresent()
                    && connected(leader, agent))
        .isPresent();
  }

  /** What the leader says of an agent in its state; empty if it has none of its name. */
  public Optional<JsonNode> listed(ClusterNode agent) {
    return leader().flatMap(leader -> listed(leader, agent));
  }

  /** One that began anew is there twice: then the one that is active. */
  private Optional<JsonNode> listed(ClusterNode leader, ClusterNode agent) {
    Optional<JsonNode> found = Optional.empty();
    JsonNode agents =
        reader
            .get(leader.address(), "/master/state")
            .map(state -> state.path("slaves"))
            .orElse(MissingNode.getInstance());
    for (JsonNode candidate : agents) {
      if (candidate.path("hostname").asText().equals(agent.name())) {
        found = found.filter(it -> it.path("active").asBoolean()).or(() -> Optional.of(candidate));
      }
    }
    return found;
  }

  private static boolean connected(ClusterNode leader, ClusterNode agent) {
    try {
      String found = leader.run("ss -tnH state established sport = :5050 dst " + agent.ip());
      return !found.isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** A node that is a part of the cluster no more; its machine and its files stay. */
  public void retire(ClusterNode node) throws IOException {
    node.retire();
    if (nodes.remove(node)) {
      retired.add(node);
    }
  }

  /** What is done to a daemon before its first start. */
  public interface Fitting {
    void fit(ClusterNode node) throws IOException;
  }

  /** Does so with every master and agent, also with those that come later. */
  public void fit(Fitting fitting) throws IOException {
    fittings.add(fitting);
    for (ClusterNode node : nodes) {
      if (node.kind() != ClusterNode.Kind.CLIENT) {
        fitting.fit(node);
      }
    }
  }

  private ClusterNode agent(ClusterMachine machine) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--ip=" + machine.ip());
    arguments.add("--hostname=" + machine.name());
    arguments.add("--master=" + String.join(",", masterAddresses()));
    arguments.add("--work_dir=" + machine.directory().resolve("work"));
    arguments.add("--agent_secret_file=" + shared.resolve("agent.secret"));
    arguments.add("--resources=" + plan.resources());
    arguments.add("--insecure");
    arguments.addAll(plan.agentFlags());
    return new ClusterNode(
        ClusterNode.Kind.AGENT, machine, "io.quorate.agent.AgentMain", arguments, JAVA_OPTIONS);
  }

  /** A machine for a client; it runs a class of the harness. */
  public ClusterNode addClient(String mainClass, List<String> arguments) throws IOException {
    int number = clients().size();
    ClusterMachine machine = machine("client" + number, FIRST_CLIENT + number);
    ClusterNode node =
        new ClusterNode(ClusterNode.Kind.CLIENT, machine, mainClass, arguments, JAVA_OPTIONS);
    nodes.add(node);
    return node;
  }

  /**
   * A client that is none of the cluster's: nobody waits for it at the end.
   *
   * @throws IOException if there were too many already: each has another address
   */
  public ClusterNode strangeClient(String mainClass) throws IOException {
    int number = LAST - strangeClients++;
    if (number <= FIRST_CLIENT + clients().size()) {
      throw new IOException("no addresses are left for another client");
    }
    ClusterMachine machine = machine("stranger" + strangeClients, number);
    return new ClusterNode(ClusterNode.Kind.CLIENT, machine, mainClass, List.of(), JAVA_OPTIONS);
  }

  private static void secret(Path file) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, HexFormat.of().formatHex(secret), StandardCharsets.UTF_8);
  }

  // -- Who is there -----------------------------------------------------------------------------

  public Plan plan() {
    return plan;
  }

  /**
   * The wires, as one owner cuts and heals them.
   *
   * @param owner at most 20 letters, digits and dashes
   */
  public Network network(String owner) {
    return new Network(this, owner);
  }

  /** A directory that all machines see; clients take their orders from it. */
  public Path shared() {
    return shared;
  }

  public List<ClusterNode> nodes() {
    return List.copyOf(nodes);
  }

  public List<ClusterNode> masters() {
    return of(ClusterNode.Kind.MASTER);
  }

  public List<ClusterNode> agents() {
    return of(ClusterNode.Kind.AGENT);
  }

  /** Agents that were the cluster's and are retired. */
  public List<ClusterNode> goneAgents() {
    return retired.stream().filter(node -> node.kind() == ClusterNode.Kind.AGENT).toList();
  }

  public List<ClusterNode> clients() {
    return of(ClusterNode.Kind.CLIENT);
  }

  private List<ClusterNode> of(ClusterNode.Kind kind) {
    return nodes.stream().filter(node -> node.kind() == kind).toList();
  }

  public List<String> masterAddresses() {
    return masters().stream().map(ClusterNode::address).toList();
  }

  /** Reads what masters and agents say of themselves, whatever is cut off. */
  public HttpReader reader() {
    return reader;
  }

  /** The master that leads and serves now, as it says itself; of two the one of the later term. */
  public Optional<ClusterNode> leader() {
    return masters().stream()
        .filter(ClusterNode::alive)
        .filter(master -> reader.serves(master.address()))
        .max(
            Comparator.comparingLong(
                master -> reader.status(master.address()).map(status -> status.term()).orElse(0L)));
  }

  // -- Beginning and end ------------------------------------------------------------------------

  /**
   * Starts masters and agents and waits for a leader that has all agents.
   *
   * @throws IOException if that is not so in time; names the directory of the logs
   */
  public void start(Duration atMost) throws IOException {
    for (ClusterNode node : nodes) {
      node.start();
    }
    boolean serving = LocalCluster.await(atMost, () -> connectedAgents() == agents().size());
    if (!serving) {
      throw new IOException(
          "no leader with all agents after "
              + atMost
              + ": see nodes/*/daemon.log in "
              + plan.directory());
    }
  }

  /** Agents that the leader counts as connected. */
  public int connectedAgents() {
    return leader()
        .flatMap(node -> reader.get(node.address(), "/master/state"))
        .map(state -> state.path("activated_slaves").asInt())
        .orElse(0);
  }

  /** Names of all nodes, for a history. */
  public static String names(List<ClusterNode> some) {
    return String.join(" ", some.stream().map(ClusterNode::name).toList());
  }

  @Override
  public void close() {
    machines.close();
  }
}
