package io.quorate.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which ports the processes of a local cluster have. It is kept in the cluster's directory, since a
 * member of a quorum is known by its Raft address: who starts the directory again must give each
 * master the address that it had.
 *
 * @param masters HTTP ports of the masters
 * @param members Raft ports of the masters, in the same order
 * @param agents ports of the agents
 */
record ClusterLayout(List<Integer> masters, List<Integer> members, List<Integer> agents) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "layout.json";

  /** How far a master's Raft port is from its HTTP port, as 5060 is from 5050. */
  private static final int RAFT_OFFSET = 10;

  ClusterLayout {
    masters = List.copyOf(masters);
    members = List.copyOf(members);
    agents = List.copyOf(agents);
  }

  /**
   * Chooses the ports of a cluster that is about to start, and keeps the choice in its directory.
   *
   * @throws IOException if a port that cannot be chosen anew is in use, or if the directory holds a
   *     cluster with another number of masters; names the flag and the rule
   */
  static ClusterLayout choose(LocalCluster.Plan plan) throws IOException {
    Optional<ClusterLayout> before = read(plan.directory());
    int count = plan.masters();
    if (before.isPresent() && before.get().masters().size() != count) {
      throw new IOException(
          "--masters must be %d, not %d: %s holds a quorum of %1$d, which `quorate members` changes"
              .formatted(before.get().masters().size(), count, plan.directory()));
    }
    List<Integer> masters = new ArrayList<>();
    for (int i = 0; i < count && plan.port() != 0; i++) {
      masters.add(plan.port() + i);
    }
    for (int port : masters) {
      if (!free(port)) {
        throw new IOException(
            "port "
                + port
                + " is in use: --port names the first of "
                + count
                + " ports that must be free, one for each master");
      }
    }
    List<Integer> members = before.map(ClusterLayout::members).orElse(List.of());
    for (int port : members) {
      if (!free(port)) {
        throw new IOException(
            "port "
                + port
                + " is in use, which a master in "
                + plan.directory()
                + " needs for Raft");
      }
    }
    if (masters.isEmpty()) {
      masters =
          before
              .map(ClusterLayout::masters)
              .filter(ports -> ports.stream().allMatch(ClusterLayout::free))
              .orElse(freePorts(count));
    }
    if (members.isEmpty()) {
      List<Integer> beside = masters.stream().map(port -> port + RAFT_OFFSET).toList();
      boolean usable = plan.port() != 0 && beside.stream().allMatch(ClusterLayout::free);
      members = usable ? beside : freePorts(count);
    }
    List<Integer> agents = new ArrayList<>(freePorts(plan.agents()));
    List<Integer> had = before.map(ClusterLayout::agents).orElse(List.of());
    for (int i = 0; i < Math.min(agents.size(), had.size()); i++) {
      if (free(had.get(i))) {
        agents.set(i, had.get(i));
      }
    }
    ClusterLayout layout = new ClusterLayout(masters, members, agents);
    layout.write(plan.directory());
    return layout;
  }

  private static Optional<ClusterLayout> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = JSON.readTree(file.toFile());
    return Optional.of(
        new ClusterLayout(ports(json, "masters"), ports(json, "members"), ports(json, "agents")));
  }

  private static List<Integer> ports(JsonNode json, String field) {
    List<Integer> ports = new ArrayList<>();
    json.path(field).forEach(port -> ports.add(port.asInt()));
    return ports;
  }

  private void write(Path directory) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    masters.forEach(json.withArray("/masters")::add);
    members.forEach(json.withArray("/members")::add);
    agents.forEach(json.withArray("/agents")::add);
    JSON.writerWithDefaultPrettyPrinter().writeValue(directory.resolve(FILE).toFile(), json);
  }

  /** Ports that were free a moment ago, and differ from each other. */
  static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        sockets.add(socket);
        ports.add(socket.getLocalPort());
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }

  private static boolean free(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // A port whose last connections are only waiting out their time is free.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress("127.0.0.1", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
