package io.quorate.agent.docker.request;

import java.util.List;
import java.util.Map;

/** The flags of {@code docker run} that say which ports and networks a container has. */
final class PublishFlags {
  private PublishFlags() {}

  /** A port that others may be told of, or a range. */
  static void expose(CreateRequest request, String value) {
    String[] parts = value.split("/", 2);
    String protocol = FlagSyntax.protocol(parts.length == 2 ? parts[1] : "");
    for (int port : FlagSyntax.ports(parts[0])) {
      request.container().withObject("/ExposedPorts").putObject(port + "/" + protocol);
    }
  }

  /** {@code [ip:][host port:]container port[/protocol]}, each of the ports a range maybe. */
  static void publish(CreateRequest request, String value) {
    String[] parts = value.split("/", 2);
    String protocol = FlagSyntax.protocol(parts.length == 2 ? parts[1] : "");
    String left = parts[0];
    int colon = left.lastIndexOf(':');
    List<Integer> inside = FlagSyntax.ports(left.substring(colon + 1));
    left = left.substring(0, Math.max(0, colon));
    int ip = left.startsWith("[") ? left.indexOf("]:") + 1 : left.lastIndexOf(':');
    String address = ip > 0 ? left.substring(0, ip).replaceAll("[\\[\\]]", "") : "";
    String outside = left.substring(ip + 1);
    if (outside.isEmpty()) {
      inside.forEach(port -> request.publish(address, "", port, protocol));
      return;
    }
    List<Integer> ports = FlagSyntax.ports(outside);
    if (ports.size() != inside.size()) {
      throw new IllegalArgumentException("must have ranges of one length, not '" + value + "'");
    }
    for (int at = 0; at < ports.size(); at++) {
      request.publish(address, Integer.toString(ports.get(at)), inside.get(at), protocol);
    }
  }

  /** A mode, a network, or {@code name=network,alias=other}. */
  static void network(CreateRequest request, String value) {
    if (value.indexOf('=') < 0) {
      request.onlyNetwork(value);
      return;
    }
    Map<String, List<String>> fields = FlagSyntax.fields(value);
    fields.forEach(
        (field, values) -> {
          switch (field) {
            case "name" -> request.onlyNetwork(values.get(0));
            case "alias" -> values.forEach(request::alias);
            case "ip" -> request.address("IPv4Address", values.get(0));
            case "ip6" -> request.address("IPv6Address", values.get(0));
            case "mac-address" -> request.container().put("MacAddress", values.get(0));
            default -> throw new IllegalArgumentException("has the unknown field '" + field + "'");
          }
        });
  }
}
