package io.quorate.master.http.v0;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.operator.Held;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.Labels;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the v0 views are made of (Mesos 6.3), to begin with. */
final class ViewParts {
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1000.0;
  private static final List<String> ALWAYS = List.of("disk", "mem", "gpus", "cpus");

  private final JsonGenerator json;
  private final MasterState state;
  private final Visibility visible;

  ViewParts(JsonGenerator json, MasterState state, Visibility visible) {
    this.json = json;
    this.state = state;
    this.visible = visible;
  }

  /** Writes some fields or elements. */
  interface Part {
    void write() throws IOException;
  }

  void array(String name, Part elements) throws IOException {
    json.writeArrayFieldStart(name);
    elements.write();
    json.writeEndArray();
  }

  void object(String name, Part fields) throws IOException {
    json.writeObjectFieldStart(name);
    fields.write();
    json.writeEndObject();
  }

  void empty(String name) throws IOException {
    array(name, () -> {});
  }

  void raw(String name, String value) throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(value);
  }

  // -- Agents -----------------------------------------------------------------------------------

  /** The fields of an agent; with its resources in full, too, for {@code /slaves} (CP-413). */
  void agent(Agent agent, boolean full) throws IOException {
    json.writeStringField("id", agent.id().value());
    json.writeStringField("hostname", agent.info().getHostname());
    json.writeNumberField("port", agent.info().getPort());
    object(
        "attributes",
        () -> {
          for (Attribute attribute : agent.info().getAttributesList()) {
            attribute(attribute);
          }
        });
    if (agent.info().hasDomain()) {
      raw("domain", ProtoJson.print(agent.info().getDomain()));
    }
    json.writeStringField(
        "pid", "slave(1)@" + agent.info().getHostname() + ":" + agent.info().getPort());
    json.writeNumberField("registered_time", agent.registeredNanos() / NANOS);
    json.writeNumberField("reregistered_time", agent.reregisteredNanos() / NANOS);
    resources("resources", agent.total());
    resources("used_resources", agent.used());
    resources("offered_resources", agent.offered());
    object(
        "reserved_resources",
        () -> {
          for (String role : reservedRoles(agent.total())) {
            resources(role, reserved(agent.total(), role));
          }
        });
    resources("unreserved_resources", agent.total().unreserved());
    json.writeBooleanField("active", agent.offerable());
    json.writeBooleanField("deactivated", agent.service().deactivated());
    json.writeStringField("version", agent.version());
    array(
        "capabilities",
        () -> {
          for (var capability : agent.capabilities()) {
            json.writeString(capability.getType().name());
          }
        });
    if (agent.service().drain().isPresent()) {
      raw("drain_info", ProtoJson.print(agent.service().drain().get()));
    }
    if (agent.service().drainStartedNanos() != 0) {
      json.writeNumberField(
          "estimated_drain_start_time_seconds", agent.service().drainStartedNanos() / NANOS);
    }
    if (full) {
      full(agent);
    }
  }

  private void full(Agent agent) throws IOException {
    object(
        "reserved_resources_full",
        () -> {
          for (String role : reservedRoles(agent.total())) {
            full(role, reserved(agent.total(), role));
          }
        });
    full("unreserved_resources_full", agent.total().unreserved());
    full("used_resources_full", Held.used(state, agent));
    full("offered_resources_full", Held.offered(state, agent));
  }

  private void full(String name, Resources resources) throws IOException {
    array(
        name,
        () -> {
          for (Resource resource :
              visible.resources(resources.toProtos(Resources.Format.ENDPOINT))) {
            json.writeRawValue(ProtoJson.print(resource));
          }
        });
  }

  private static String role(Resource resource) {
    int depth = resource.getReservationsCount();
    return depth == 0 ? "" : resource.getReservations(depth - 1).getRole();
  }

  private TreeSet<String> reservedRoles(Resources resources) {
    TreeSet<String> roles = new TreeSet<>();
    for (Resource resource : resources.toProtos()) {
      if (resource.getReservationsCount() > 0 && visible.role(role(resource))) {
        roles.add(role(resource));
      }
    }
    return roles;
  }

  private static Resources reserved(Resources resources, String role) {
    return resources.filter(
        resource -> resource.getReservationsCount() > 0 && role(resource).equals(role));
  }

  private void attribute(Attribute attribute) throws IOException {
    switch (attribute.getType()) {
      case SCALAR -> json.writeNumberField(attribute.getName(), attribute.getScalar().getValue());
      case RANGES -> json.writeStringField(attribute.getName(), text(attribute.getRanges()));
      case SET -> json.writeStringField(attribute.getName(), text(attribute.getSet()));
      case TEXT -> json.writeStringField(attribute.getName(), attribute.getText().getValue());
    }
  }

  private static String text(Value.Ranges ranges) {
    return ranges.getRangeList().stream()
        .map(range -> range.getBegin() + "-" + range.getEnd())
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String text(Value.Set set) {
    return "{" + String.join(", ", set.getItemList()) + "}";
  }

  /** The four that are always there, the other scalars, and the rest as text (CP-409). */
  void resources(String name, Resources resources) throws IOException {
    object(
        name,
        () -> {
          Map<String, Long> scalars = new TreeMap<>(resources.scalarQuantities());
          for (String always : ALWAYS) {
            scalars.putIfAbsent(always, 0L);
          }
          for (Map.Entry<String, Long> scalar : scalars.entrySet()) {
            json.writeNumberField(scalar.getKey(), scalar.getValue() / MILLIS);
          }
          for (Resource resource : resources.toProtos()) {
            if (resource.getType() == Value.Type.RANGES) {
              json.writeStringField(resource.getName(), text(resource.getRanges()));
            } else if (resource.getType() == Value.Type.SET) {
              json.writeStringField(resource.getName(), text(resource.getSet()));
            }
          }
        });
  }

  void labels(Labels labels) throws IOException {
    array(
        "labels",
        () -> {
          for (var label : labels.getLabelsList()) {
            json.writeRawValue(ProtoJson.print(label));
          }
        });
  }
}
