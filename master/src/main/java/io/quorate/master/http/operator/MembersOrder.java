package io.quorate.master.http.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the body of an order to the quorum says: {@code {"add": [..], "remove": [..]}} for the
 * members, {@code {"member": ".."}} for the lead.
 */
final class MembersOrder {
  /** A majority of more costs each commit more and saves nothing. */
  static final int MEMBERS_MAX = 9;

  private static final int ADDRESS_CHARACTERS_MAX = 255;
  private static final int PORT_MAX = 65_535;
  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*):(\\d{1,5})");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private MembersOrder() {}

  /** The body is not what the endpoint takes; the message names the field. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  /**
   * The members that there are to be.
   *
   * @param now those that there are
   */
  static List<String> members(byte[] body, List<String> now) throws Wrong {
    JsonNode order = object(body, Set.of("add", "remove"));
    List<String> add = addresses(order, "add");
    List<String> remove = addresses(order, "remove");
    if (add.isEmpty() && remove.isEmpty()) {
      throw new Wrong("Expecting 'add' or 'remove' to name a member");
    }
    for (int i = 0; i < add.size(); i++) {
      if (now.contains(add.get(i))) {
        throw new Wrong("add[" + i + "]: " + add.get(i) + " is a member already");
      }
    }
    for (int i = 0; i < remove.size(); i++) {
      if (!now.contains(remove.get(i))) {
        throw new Wrong("remove[" + i + "]: " + remove.get(i) + " is not a member of " + now);
      }
    }
    List<String> members = new ArrayList<>(now);
    members.removeAll(remove);
    members.addAll(add);
    if (members.isEmpty()) {
      throw new Wrong("remove: nobody would be left");
    }
    if (members.size() > MEMBERS_MAX) {
      throw new Wrong("add: there would be " + members.size() + " members, of " + MEMBERS_MAX);
    }
    return members;
  }

  /** Who is to lead; empty for whoever can. */
  static Optional<String> member(byte[] body, List<String> now) throws Wrong {
    JsonNode order = object(body, Set.of("member"));
    if (!order.has("member")) {
      return Optional.empty();
    }
    String member = address(order.get("member"), "member");
    if (!now.contains(member)) {
      throw new Wrong("member: " + member + " is not a member of " + now);
    }
    return Optional.of(member);
  }

  private static JsonNode object(byte[] body, Set<String> fields) throws Wrong {
    JsonNode order;
    try {
      order = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new Wrong("Failed to parse body into JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new Wrong("Failed to parse body into JSON: " + e.getMessage());
    }
    if (order == null || !order.isObject()) {
      throw new Wrong("Expecting a JSON object");
    }
    for (Map.Entry<String, JsonNode> property : order.properties()) {
      if (!fields.contains(property.getKey())) {
        throw new Wrong("There is no field '" + property.getKey() + "'");
      }
    }
    return order;
  }

  private static List<String> addresses(JsonNode order, String field) throws Wrong {
    JsonNode list = order.get(field);
    if (list == null) {
      return List.of();
    }
    if (!list.isArray()) {
      throw new Wrong(field + ": expecting a list of host:raft_port");
    }
    List<String> addresses = new ArrayList<>();
    for (JsonNode item : list) {
      String where = field + "[" + addresses.size() + "]";
      String address = address(item, where);
      if (addresses.contains(address)) {
        throw new Wrong(where + ": " + address + " is there twice");
      }
      addresses.add(address);
    }
    return addresses;
  }

  private static String address(JsonNode node, String where) throws Wrong {
    String text = node.isTextual() ? node.asText() : "";
    Matcher parts = ADDRESS.matcher(text);
    boolean wellFormed = text.length() <= ADDRESS_CHARACTERS_MAX && parts.matches();
    int port = wellFormed ? Integer.parseInt(parts.group(2)) : 0;
    if (port < 1 || port > PORT_MAX) {
      throw new Wrong(where + ": expecting host:raft_port, but found " + shown(node));
    }
    return text;
  }

  private static String shown(JsonNode node) {
    String text = node.toString();
    return text.length() <= ADDRESS_CHARACTERS_MAX
        ? text
        : text.substring(0, ADDRESS_CHARACTERS_MAX) + "...";
  }
}
