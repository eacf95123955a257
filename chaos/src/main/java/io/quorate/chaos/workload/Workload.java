package io.quorate.chaos.workload;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What clients do to a cluster.
 *
 * @param name as the command line has it
 * @param client the class that each client's machine runs
 * @param masterFlags flags of each master
 * @param agentFlags flags of each agent
 */
public record Workload(
    String name, Class<?> client, List<String> masterFlags, List<String> agentFlags) {
  /** An agent that is cut off is noticed within a run: Mesos's 75 s would outlast it. */
  private static final List<String> PINGS =
      List.of("--agent_ping_timeout=2secs", "--max_agent_ping_timeouts=3");

  private static final Map<String, Workload> ALL = new TreeMap<>();

  static {
    add(new Workload("launch", LaunchClient.class, PINGS, List.of()));
    add(new Workload("register", RegisterClient.class, List.of(), List.of()));
    add(new Workload("flood", FloodClient.class, PINGS, List.of()));
    add(new Workload("set", SetClient.class, List.of(), List.of()));
    add(new Workload("reservations", ReservationsClient.class, List.of(), List.of()));
    add(new Workload("service", ServiceClient.class, PINGS, List.of()));
  }

  private static void add(Workload workload) {
    ALL.put(workload.name, workload);
  }

  /** Every name, sorted. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * @throws IllegalArgumentException if there is none of that name; says which there are
   */
  public static Workload named(String name) {
    Workload workload = ALL.get(name);
    if (workload == null) {
      throw new IllegalArgumentException(
          "there is no workload '" + name + "'; there are " + String.join(", ", names()));
    }
    return workload;
  }

  /**
   * Starts the clients.
   *
   * @param rate operations a second of all together
   * @param origin what {@code System.nanoTime} was when the run began
   */
  public void start(ChaosCluster cluster, int clients, double rate, long seed, long origin)
      throws IOException {
    WorkloadClient.order(cluster.shared(), WorkloadClient.Phase.WORK);
    for (int i = 0; i < clients; i++) {
      ClusterNode node = cluster.addClient(client.getName(), List.of());
      node.arguments()
          .addAll(
              List.of(
                  "--name=" + node.name(),
                  "--number=" + (i + 1),
                  "--masters=" + String.join(",", cluster.masterAddresses()),
                  "--directory=" + node.directory(),
                  "--shared=" + cluster.shared(),
                  "--nodes=" + cluster.plan().directory().resolve("nodes"),
                  "--origin=" + origin,
                  "--seed=" + (seed * 1_000 + i),
                  "--rate=" + rate / clients));
      node.start();
    }
  }

  /** Nothing new is begun; each client says when all of its own is over. */
  public void wrapUp(ChaosCluster cluster) throws IOException {
    WorkloadClient.order(cluster.shared(), WorkloadClient.Phase.WRAP_UP);
  }

  /** The clients go. */
  public void end(ChaosCluster cluster) throws IOException {
    cluster.clients().forEach(client -> client.mayEnd(true));
    WorkloadClient.order(cluster.shared(), WorkloadClient.Phase.END);
  }
}
