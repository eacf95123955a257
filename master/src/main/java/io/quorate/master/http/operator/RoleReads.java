package io.quorate.master.http.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Role;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.WeightInfo;
import io.quorate.protocol.v1.master.Response;
import io.quorate.protocol.v1.quota.QuotaInfo;
import io.quorate.protocol.v1.quota.QuotaStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What operators see of roles, weights and quotas (Mesos 5.4, 6.1, 6.3). Known is a role that is in
 * use, reserved for, weighed or has a quota, and every role above one.
 */
public final class RoleReads {
  private static final JsonFactory JSON = new JsonFactory();
  private static final double MILLIS = 1000;

  private final MasterState state;
  private final Predicate<String> visible;
  private final TreeMap<String, Quantities> held = new TreeMap<>();
  private final TreeMap<String, Quantities> offered = new TreeMap<>();
  private final TreeMap<String, Quantities> offeredCharge = new TreeMap<>();
  private final TreeMap<String, TreeSet<String>> frameworks = new TreeMap<>();

  /** Of the roles that the predicate holds for; others are left out without a word. */
  public RoleReads(MasterState state, Predicate<String> visible) {
    this.state = state;
    this.visible = visible;
    for (Framework framework : state.frameworks().values()) {
      framework.roles().forEach(role -> member(role, framework));
      framework
          .allocated()
          .forEach(
              (role, quantities) -> {
                member(role, framework);
                held.merge(role, quantities, Quantities::plus);
              });
    }
    for (Offer offer : state.offers().values()) {
      offered.merge(offer.role(), Quantities.of(offer.resources()), Quantities::plus);
      offeredCharge.merge(offer.role(), MasterState.charge(offer.resources()), Quantities::plus);
    }
  }

  private void member(String role, Framework framework) {
    frameworks.computeIfAbsent(role, any -> new TreeSet<>()).add(framework.id().value());
  }

  private TreeSet<String> known() {
    TreeSet<String> known = new TreeSet<>(frameworks.keySet());
    known.addAll(state.reservingRoles());
    state.roles().values().forEach(role -> known.add(role.name()));
    for (String role : new TreeSet<>(known)) {
      for (int slash = role.indexOf('/'); slash > 0; slash = role.indexOf('/', slash + 1)) {
        known.add(role.substring(0, slash));
      }
    }
    known.removeIf(visible.negate());
    return known;
  }

  /** Of the role and all below it. */
  private static Quantities below(TreeMap<String, Quantities> sums, String role) {
    Quantities sum = Quantities.NONE;
    for (Map.Entry<String, Quantities> entry : sums.tailMap(role).entrySet()) {
      if (!entry.getKey().startsWith(role)) {
        break;
      }
      sum = Roles.covers(role, entry.getKey()) ? sum.plus(entry.getValue()) : sum;
    }
    return sum;
  }

  private double weight(String role) {
    return state.roles().find(role).map(Role::weight).map(known -> known.orElse(1)).orElse(1.0);
  }

  // -- The v1 answers ---------------------------------------------------------------------------

  public Response.GetRoles roles() {
    Response.GetRoles.Builder answer = Response.GetRoles.newBuilder();
    for (String role : known()) {
      var shown = answer.addRolesBuilder().setName(role).setWeight(weight(role));
      frameworks
          .getOrDefault(role, new TreeSet<>())
          .forEach(id -> shown.addFrameworks(FrameworkID.newBuilder().setValue(id)));
      below(held, role)
          .millis()
          .forEach((name, millis) -> shown.addResources(scalar(name, millis)));
    }
    return answer.build();
  }

  public Response.GetWeights weights() {
    Response.GetWeights.Builder answer = Response.GetWeights.newBuilder();
    for (Role role : state.roles().values()) {
      if (role.weight().isPresent() && visible.test(role.name())) {
        answer.addWeightInfos(
            WeightInfo.newBuilder().setRole(role.name()).setWeight(role.weight().getAsDouble()));
      }
    }
    return answer.build();
  }

  /** Each in the newer form, and its guarantee in the older one. */
  @SuppressWarnings("deprecation") // Clients of the older form are served.
  public QuotaStatus quotas() {
    QuotaStatus.Builder status = QuotaStatus.newBuilder();
    for (Role role : state.roles().values()) {
      if (role.hasQuota() && visible.test(role.name())) {
        QuotaInfo.Builder info = QuotaInfo.newBuilder().setRole(role.name());
        role.guarantees()
            .millis()
            .forEach((name, millis) -> info.addGuarantee(scalar(name, millis)));
        status.addInfos(info).addConfigs(role.quota());
      }
    }
    return status.build();
  }

  private static Resource scalar(String name, long millis) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(millis / MILLIS))
        .build();
  }

  // -- The v0 views -----------------------------------------------------------------------------

  public void writeWeights(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartArray();
      for (WeightInfo weight : weights().getWeightInfosList()) {
        json.writeStartObject();
        json.writeStringField("role", weight.getRole());
        json.writeNumberField("weight", weight.getWeight());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }

  public void writeRoles(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("roles");
      for (String role : known()) {
        write(json, role);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private void write(JsonGenerator json, String role) throws IOException {
    Quantities all = below(held, role);
    Quantities onOffer = below(offered, role);
    json.writeStartObject();
    json.writeStringField("name", role);
    json.writeNumberField("weight", weight(role));
    json.writeObjectFieldStart("quota");
    json.writeStringField("role", role);
    Role said = state.roles().find(role).orElse(null);
    write(json, "guarantee", said == null ? Map.of() : said.guarantees().millis());
    write(json, "limit", said == null ? Map.of() : said.limits().millis());
    // What is only on offer does not count in what users see (Mesos 5.4).
    write(json, "consumed", state.consumed(role).minus(below(offeredCharge, role)).millis());
    json.writeEndObject();
    write(json, "resources", all.millis());
    write(json, "allocated", all.minus(onOffer).millis());
    write(json, "offered", onOffer.millis());
    write(json, "reserved", state.reserved(role).millis());
    json.writeArrayFieldStart("frameworks");
    for (String id : frameworks.getOrDefault(role, new TreeSet<>())) {
      json.writeString(id);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String field, Map<String, Long> millis)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Long> quantity : millis.entrySet()) {
      json.writeNumberField(quantity.getKey(), quantity.getValue() / MILLIS);
    }
    json.writeEndObject();
  }
}
