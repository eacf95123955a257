package io.quorate.agent.docker.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The body of the call that creates a container, in the words of the Engine API: what one flag of
 * {@code docker run} after the other makes of it. What is said later wins, as there. One thread
 * makes it.
 */
public final class CreateRequest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode body = JSON.createObjectNode();
  private final ObjectNode host = body.putObject("HostConfig");
  private final List<String> networks = new ArrayList<>();
  private final List<String> aliases = new ArrayList<>();
  private final List<String> links = new ArrayList<>();
  private final ObjectNode addresses = JSON.createObjectNode();
  private Optional<String> platform = Optional.empty();
  private Optional<Boolean> pullAlways = Optional.empty();

  /** What is of the container itself. */
  ObjectNode container() {
    return body;
  }

  /** What is of the host that it runs on. */
  ObjectNode host() {
    return host;
  }

  /** A list of the container, made where there is none. */
  ArrayNode list(String name) {
    return body.withArray(name);
  }

  /** A list of the host's part, made where there is none. */
  ArrayNode hostList(String name) {
    return host.withArray(name);
  }

  /** Sets a variable of the environment, in the place of one of that name. */
  void variable(String name, String value) {
    ArrayNode environment = list("Env");
    for (int at = environment.size() - 1; at >= 0; at--) {
      if (environment.get(at).asText().startsWith(name + "=")) {
        environment.remove(at);
      }
    }
    environment.add(name + "=" + value);
  }

  void label(String name, String value) {
    body.withObject("/Labels").put(name, value);
  }

  /** In the place of the networks named so far. */
  void onlyNetwork(String name) {
    networks.clear();
    networks.add(name);
  }

  /** One more network; the first is the one that it is created in. */
  void network(String name) {
    if (!networks.contains(name)) {
      networks.add(name);
    }
  }

  void alias(String name) {
    aliases.add(name);
  }

  void link(String link) {
    links.add(link);
  }

  /** An address in its first network, as {@code IPv4Address}, {@code IPv6Address}. */
  void address(String kind, String address) {
    addresses.put(kind, address);
  }

  void platform(String name) {
    platform = Optional.of(name);
  }

  void pullAlways(boolean always) {
    pullAlways = Optional.of(always);
  }

  /** It goes at once when it ended, and not after the agent's delay. */
  void removeAtEnd(boolean remove) {
    ObjectNode labels = body.withObject("/Labels");
    if (remove) {
      labels.put(ContainerLabels.REMOVE, "");
    } else {
      labels.remove(ContainerLabels.REMOVE);
    }
  }

  /** Another port of the host for a port of the container. */
  void publish(String hostIp, String hostPort, int port, String protocol) {
    String name = port + "/" + protocol;
    body.withObject("/ExposedPorts").putObject(name);
    host.withObject("/PortBindings")
        .withArray(name)
        .addObject()
        .put("HostIp", hostIp)
        .put("HostPort", hostPort);
  }

  /** Something of the host at a path of the container. */
  ObjectNode mount(String type, String source, String target, boolean readOnly) {
    ObjectNode mount = hostList("Mounts").addObject().put("Type", type);
    if (!source.isEmpty()) {
      mount.put("Source", source);
    }
    return mount.put("Target", target).put("ReadOnly", readOnly);
  }

  // -- Of a whole request -----------------------------------------------------------------------

  /** The network that it is created in: a mode, or a name. */
  String network() {
    return networks.isEmpty() ? "default" : networks.get(0);
  }

  /** The networks that it is joined to before it is started. */
  public List<String> furtherNetworks() {
    return networks.size() < 2 ? List.of() : List.copyOf(networks.subList(1, networks.size()));
  }

  public Optional<String> platform() {
    return platform;
  }

  /** Whether the image is pulled though it is there, where a parameter says so. */
  public Optional<Boolean> pullAlways() {
    return pullAlways;
  }

  public String image() {
    return body.path("Image").asText();
  }

  /** What it is to do with a network that it joins. */
  public ObjectNode endpoint() {
    ObjectNode endpoint = JSON.createObjectNode();
    aliases.forEach(endpoint.withArray("Aliases")::add);
    return endpoint;
  }

  /** The whole body. */
  public JsonNode json() {
    host.put("NetworkMode", network());
    boolean own =
        !List.of("default", "bridge", "host", "none").contains(network())
            && !network().startsWith("container:");
    if (own || !aliases.isEmpty() || !addresses.isEmpty()) {
      ObjectNode endpoint = endpoint();
      if (!addresses.isEmpty()) {
        endpoint.set("IPAMConfig", addresses);
      }
      if (own) {
        links.forEach(endpoint.withArray("Links")::add);
      }
      body.putObject("NetworkingConfig").putObject("EndpointsConfig").set(network(), endpoint);
    }
    if (!own && !links.isEmpty()) {
      ArrayNode all = host.putArray("Links");
      links.forEach(all::add);
    }
    if (host.has("NanoCpus")) {
      host.remove(List.of("CpuPeriod", "CpuQuota"));
    }
    return body;
  }

  public byte[] bytes() {
    return json().toString().getBytes(StandardCharsets.UTF_8);
  }
}
