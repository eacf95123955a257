package io.quorate.master.http.v0;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.log.LogStatus;
import io.quorate.master.access.Action;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.server.Versions;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.MasterInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** The v0 views of all there is (Mesos 6.3), written from a frozen state. */
public final class StateJson {
  public static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS = 1e9;

  private final JsonGenerator json;
  private final MasterView view;
  private final MasterState state;
  private final Visibility visible;
  private final ViewParts parts;
  private final FrameworkParts frameworkParts;

  private StateJson(JsonGenerator json, MasterView view, Visibility visible) {
    this.json = json;
    this.view = view;
    this.state = view.state();
    this.visible = visible;
    this.parts = new ViewParts(json, state, visible);
    this.frameworkParts = new FrameworkParts(json, view, visible);
  }

  /** {@code /state}. */
  public static void write(MasterView view, Versions version, Visibility visible, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new StateJson(json, view, visible).state(version);
    }
  }

  /**
   * {@code /slaves}.
   *
   * @param id the only one to show, if any
   */
  public static void slaves(
      MasterView view, Optional<String> id, Visibility visible, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      new StateJson(json, view, visible).agents(id, true);
      json.writeEndObject();
    }
  }

  /**
   * {@code /frameworks}.
   *
   * @param id the only one to show, if any
   */
  public static void frameworks(
      MasterView view, Optional<String> id, Visibility visible, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      StateJson all = new StateJson(json, view, visible);
      all.frameworks(id);
      all.parts.empty("unregistered_frameworks");
      json.writeEndObject();
    }
  }

  private void state(Versions version) throws IOException {
    json.writeStartObject();
    json.writeStringField("version", version.mesos());
    json.writeStringField("quorate_version", version.quorate());
    json.writeNumberField("start_time", version.startSeconds());
    if (view.leading()) {
      json.writeNumberField("elected_time", view.electedNanos() / NANOS);
    }
    json.writeStringField("id", state.cluster().id());
    json.writeStringField("pid", pid(view.self()));
    json.writeStringField("hostname", view.self().getHostname());
    parts.array(
        "capabilities",
        () -> {
          for (MasterInfo.Capability capability : view.self().getCapabilitiesList()) {
            json.writeString(capability.getType().name());
          }
        });
    int active = 0;
    int unreachable = 0;
    for (Agent agent : state.agents().values()) {
      active += agent.offerable() ? 1 : 0;
      unreachable += agent.unreachable() ? 1 : 0;
    }
    json.writeNumberField("activated_slaves", (double) active);
    json.writeNumberField(
        "deactivated_slaves", (double) (state.agents().size() - active - unreachable));
    json.writeNumberField("unreachable_slaves", (double) unreachable);
    domain(view.self());
    if (view.leader() != null) {
      json.writeStringField("leader", pid(view.leader()));
      parts.object(
          "leader_info",
          () -> {
            json.writeStringField("id", view.leader().getId());
            json.writeStringField("pid", pid(view.leader()));
            json.writeNumberField("port", view.leader().getPort());
            json.writeStringField("hostname", view.leader().getHostname());
            domain(view.leader());
          });
    }
    if (visible.all(Action.VIEW_FLAGS)) {
      flags(version.flags());
    }
    agents(Optional.empty(), false);
    frameworks(Optional.empty());
    parts.empty("orphan_tasks");
    parts.empty("unregistered_frameworks");
    json.writeEndObject();
  }

  private void domain(MasterInfo master) throws IOException {
    if (master.hasDomain()) {
      json.writeFieldName("domain");
      json.writeRawValue(ProtoJson.print(master.getDomain()));
    }
  }

  private void flags(Map<String, String> flags) throws IOException {
    parts.object(
        "flags",
        () -> {
          for (Map.Entry<String, String> flag : flags.entrySet()) {
            json.writeStringField(flag.getKey(), flag.getValue());
          }
        });
  }

  /** {@code /flags}. */
  public static void flags(MasterView view, Versions version, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      new StateJson(json, view, Visibility.ALL).flags(version.flags());
      json.writeEndObject();
    }
  }

  private static String pid(MasterInfo info) {
    return "master@" + info.getAddress().getIp() + ":" + info.getPort();
  }

  private void agents(Optional<String> id, boolean full) throws IOException {
    parts.array(
        "slaves",
        () -> {
          for (Agent agent : state.agents().values()) {
            if (!agent.unreachable() && wanted(id, agent.id().value())) {
              json.writeStartObject();
              parts.agent(agent, full);
              json.writeEndObject();
            }
          }
        });
    parts.empty("recovered_slaves");
  }

  private static boolean wanted(Optional<String> id, String value) {
    return id.isEmpty() || id.get().equals(value);
  }

  private void frameworks(Optional<String> id) throws IOException {
    parts.array("frameworks", () -> frameworks(id, state.frameworks().values()));
    parts.array(
        "completed_frameworks", () -> frameworks(id, view.history().completedFrameworks(state)));
  }

  private void frameworks(Optional<String> id, Iterable<Framework> all) throws IOException {
    for (Framework framework : all) {
      if (wanted(id, framework.id().value()) && visible.framework(framework)) {
        frameworkParts.framework(framework);
      }
    }
  }

  /** {@code /quorate/status}: how far this master is. */
  public static void status(LogStatus status, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("member", status.member());
      json.writeStringField("leader", status.leader());
      json.writeBooleanField("leading", status.leading());
      json.writeNumberField("term", status.term());
      json.writeNumberField("committed_index", status.committedIndex());
      json.writeNumberField("applied_index", status.appliedIndex());
      json.writeNumberField("snapshot_index", status.snapshotIndex());
      json.writeStringField("chain_hash", status.chainHash());
      json.writeStringField("state_digest", status.stateDigest());
      json.writeArrayFieldStart("members");
      for (String member : status.members()) {
        json.writeString(member);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }
}
