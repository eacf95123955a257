package io.quorate.master;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.access.Entity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code --acls} (Mesos 8.2). */
final class AclsReader {
  private static final Logger LOG = LoggerFactory.getLogger(AclsReader.class);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Of Mesos, and about what masters of this release have no face for. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "register_agents",
          "access_sandboxes",
          "set_log_level",
          "launch_nested_containers_as_user",
          "launch_nested_containers_under_parent_with_user",
          "launch_nested_container_sessions_as_user",
          "launch_nested_container_sessions_under_parent_with_user",
          "attach_containers_input",
          "attach_containers_output",
          "kill_nested_containers",
          "wait_nested_containers",
          "remove_nested_containers",
          "view_containers",
          "launch_standalone_containers",
          "kill_standalone_containers",
          "wait_standalone_containers",
          "remove_standalone_containers",
          "view_standalone_containers",
          "create_block_disks",
          "destroy_block_disks",
          "create_mount_disks",
          "destroy_mount_disks",
          "destroy_raw_disks",
          "mark_resource_providers_gone",
          "view_resource_providers",
          "modify_resource_provider_configs",
          "prune_images");

  /** What get_endpoints may name, as in Mesos; an agent's are among them. */
  private static final Set<String> PATHS =
      Set.of(
          "/containers",
          "/containerizer/debug",
          "/files/debug",
          "/logging/toggle",
          "/metrics/snapshot",
          "/monitor/statistics");

  private AclsReader() {}

  /**
   * The rules.
   *
   * @throws IOException if it is not JSON, or not of this form; names action, rule and field
   */
  static Acls read(byte[] json) throws IOException {
    JsonNode all;
    try {
      all = JSON.readTree(json);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IOException("--acls is not JSON: " + e.getOriginalMessage());
    }
    object(all, "--acls");
    JsonNode permissive = all.path("permissive");
    if (!permissive.isMissingNode() && !permissive.isBoolean()) {
      throw new IOException("--acls: 'permissive' must be true or false");
    }
    Map<Action, List<Acls.Rule>> rules = new EnumMap<>(Action.class);
    for (Map.Entry<String, JsonNode> property : all.properties()) {
      String name = property.getKey();
      Optional<Action> action = Action.of(name);
      if (action.isPresent()) {
        rules.put(action.get(), rules(action.get(), property.getValue()));
      } else if (WITHOUT_EFFECT.contains(name)) {
        LOG.warn("--acls: '{}' has no effect on a master of this release", name);
      } else if (!name.equals("permissive")) {
        throw new IOException("--acls: there is no action '" + name + "'");
      }
    }
    return new Acls(permissive.asBoolean(true), rules);
  }

  private static void object(JsonNode node, String where) throws IOException {
    if (!node.isObject()) {
      throw new IOException(where + " must be a JSON object");
    }
  }

  private static List<Acls.Rule> rules(Action action, JsonNode list) throws IOException {
    if (!list.isArray()) {
      throw new IOException("--acls: '" + action.key() + "' must be a list");
    }
    List<Acls.Rule> rules = new ArrayList<>();
    for (JsonNode rule : list) {
      String where = "--acls: " + action.key() + "[" + rules.size() + "]";
      object(rule, where);
      for (Map.Entry<String, JsonNode> field : rule.properties()) {
        if (!field.getKey().equals("principals") && !field.getKey().equals(action.objects())) {
          throw new IOException(where + " has no field '" + field.getKey() + "'");
        }
      }
      Entity objects = entity(rule, action.objects(), where);
      if (action.nameless() && objects.kind() == Entity.Kind.SOME) {
        throw new IOException(where + "." + action.objects() + " must be ANY or NONE");
      }
      if (action == Action.GET_ENDPOINTS && !PATHS.containsAll(objects.values())) {
        throw new IOException(
            where + ".paths may name nothing but " + new java.util.TreeSet<>(PATHS));
      }
      rules.add(new Acls.Rule(entity(rule, "principals", where), objects));
    }
    return rules;
  }

  private static Entity entity(JsonNode rule, String field, String where) throws IOException {
    String here = where + "." + field;
    JsonNode node = rule.path(field);
    object(node, here);
    Entity.Kind kind;
    try {
      kind = Entity.Kind.valueOf(node.path("type").asText("SOME"));
    } catch (IllegalArgumentException e) {
      throw new IOException(here + ".type must be ANY or NONE, or SOME with 'values'");
    }
    List<String> values = new ArrayList<>();
    for (JsonNode value : node.path("values")) {
      if (!value.isTextual()) {
        throw new IOException(here + ".values must hold strings");
      }
      values.add(value.asText());
    }
    if ((kind == Entity.Kind.SOME) == values.isEmpty()) {
      throw new IOException(here + " needs either 'values' or a 'type' of ANY or NONE");
    }
    return new Entity(kind, values);
  }
}
