package io.quorate.agent.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.protocol.v1.NetworkInfo;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the daemon says of one container.
 *
 * @param said its own words
 * @param json the same
 */
record InspectedContainer(byte[] said, JsonNode json) {
  private static final Set<String> OVER = Set.of("exited", "dead");

  /** These have no name that means anything to a framework. */
  private static final Set<String> NAMELESS = Set.of("bridge", "host", "none");

  private JsonNode state() {
    return json.path("State");
  }

  /** It was started, and ended. */
  boolean over() {
    return OVER.contains(state().path("Status").asText());
  }

  /** It was never started, or its start failed. */
  boolean onlyCreated() {
    return state().path("Status").asText().equals("created");
  }

  /**
   * Its exit status as Docker tells it: above 128 for a signal, or for an exit with that number.
   */
  int exitCode() {
    return state().path("ExitCode").asInt();
  }

  boolean outOfMemory() {
    return state().path("OOMKilled").asBoolean();
  }

  /** The pid of its first process on the host; 0 if it does not run. */
  long pid() {
    return state().path("Pid").asLong();
  }

  boolean terminal() {
    return json.path("Config").path("Tty").asBoolean();
  }

  String label(String name) {
    return json.path("Config").path("Labels").path(name).asText();
  }

  /** The signal that asks it to end. */
  String stopSignal() {
    return json.path("Config").path("StopSignal").asText("SIGTERM");
  }

  /** In bytes; 0 for no bound. */
  long memoryMax() {
    return json.path("HostConfig").path("Memory").asLong();
  }

  /** When it ended, or was made if it never ran. */
  Optional<Instant> restsSince() {
    String at = onlyCreated() ? json.path("Created").asText() : state().path("FinishedAt").asText();
    try {
      return Optional.of(Instant.parse(at));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** It shares the network of the host. */
  boolean inHostNetwork() {
    return json.path("HostConfig").path("NetworkMode").asText().equals("host");
  }

  /** An address that the host reaches it at. */
  Optional<String> address() {
    return facts().networks().stream()
        .flatMap(network -> network.getIpAddressesList().stream())
        .map(NetworkInfo.IPAddress::getIpAddress)
        .findFirst();
  }

  /** What is told of it. */
  ContainerFacts facts() {
    List<NetworkInfo> networks = new ArrayList<>();
    Iterator<Map.Entry<String, JsonNode>> all =
        json.path("NetworkSettings").path("Networks").fields();
    while (all.hasNext()) {
      Map.Entry<String, JsonNode> entry = all.next();
      NetworkInfo.Builder network = NetworkInfo.newBuilder();
      address(network, NetworkInfo.Protocol.IPv4, entry.getValue().path("IPAddress").asText());
      address(
          network, NetworkInfo.Protocol.IPv6, entry.getValue().path("GlobalIPv6Address").asText());
      if (!NAMELESS.contains(entry.getKey())) {
        network.setName(entry.getKey());
      }
      if (network.getIpAddressesCount() > 0) {
        networks.add(network.build());
      }
    }
    ByteString inspected =
        ByteString.copyFromUtf8("[")
            .concat(ByteString.copyFrom(said).concat(ByteString.copyFromUtf8("]")));
    return new ContainerFacts(networks, inspected);
  }

  private static void address(
      NetworkInfo.Builder network, NetworkInfo.Protocol protocol, String address) {
    if (!address.isEmpty()) {
      network.addIpAddressesBuilder().setProtocol(protocol).setIpAddress(address);
    }
  }
}
