package io.quorate.master.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.log.LogStatus;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.Agent;
import io.quorate.master.state.Framework;
import io.quorate.master.state.History;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Offer;
import io.quorate.master.state.OfferId;
import io.quorate.master.state.Task;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The v0 view {@code /state} in first form (Mesos 6.3), written from a frozen state. */
final class StateJson {
  private static final JsonFactory JSON = new JsonFactory();
  private static final double NANOS = 1e9;
  private static final List<String> ALWAYS = List.of("disk", "mem", "gpus", "cpus");

  private final JsonGenerator json;
  private final MasterState state;
  private final History history;
  private final Visibility visible;

  private StateJson(JsonGenerator json, MasterView view, Visibility visible) {
    this.visible = visible;
    this.json = json;
    this.state = view.state();
    this.history = view.history();
  }

  static void write(MasterView view, Versions version, Visibility visible, OutputStream out)
      throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      new StateJson(json, view, visible).write(view, version);
    }
  }

  private void write(MasterView view, Versions version) throws IOException {
    json.writeStartObject();
    json.writeStringField("version", version.mesos());
    json.writeStringField("quorate_version", version.quorate());
    json.writeNumberField("start_time", version.startSeconds());
    json.writeStringField("id", state.cluster().id());
    json.writeStringField("pid", pid(view.self()));
    json.writeStringField("hostname", view.self().getHostname());
    int active = 0;
    int unreachable = 0;
    for (Agent agent : state.agents().values()) {
      active += agent.connected() ? 1 : 0;
      unreachable += agent.unreachable() ? 1 : 0;
    }
    json.writeNumberField("activated_slaves", (double) active);
    json.writeNumberField(
        "deactivated_slaves", (double) (state.agents().size() - active - unreachable));
    json.writeNumberField("unreachable_slaves", (double) unreachable);
    if (view.leader() != null) {
      json.writeStringField("leader", pid(view.leader()));
      json.writeObjectFieldStart("leader_info");
      json.writeStringField("id", view.leader().getId());
      json.writeStringField("pid", pid(view.leader()));
      json.writeNumberField("port", view.leader().getPort());
      json.writeStringField("hostname", view.leader().getHostname());
      json.writeEndObject();
    }
    json.writeArrayFieldStart("slaves");
    for (Agent agent : state.agents().values()) {
      if (!agent.unreachable()) {
        agent(agent);
      }
    }
    json.writeEndArray();
    empty("recovered_slaves");
    json.writeArrayFieldStart("frameworks");
    for (Framework framework : state.frameworks().values()) {
      if (visible.framework(framework)) {
        framework(framework, true);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("completed_frameworks");
    for (Framework framework : state.completedFrameworks().values()) {
      if (visible.framework(framework)) {
        framework(framework, false);
      }
    }
    json.writeEndArray();
    empty("orphan_tasks");
    empty("unregistered_frameworks");
    json.writeEndObject();
  }

  private void empty(String name) throws IOException {
    json.writeArrayFieldStart(name);
    json.writeEndArray();
  }

  private static String pid(MasterInfo info) {
    return "master@" + info.getAddress().getIp() + ":" + info.getPort();
  }

  private void agent(Agent agent) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", agent.id().value());
    json.writeStringField("hostname", agent.info().getHostname());
    json.writeNumberField("port", agent.info().getPort());
    json.writeStringField(
        "pid", "slave(1)@" + agent.info().getHostname() + ":" + agent.info().getPort());
    json.writeObjectFieldStart("attributes");
    for (var attribute : agent.info().getAttributesList()) {
      if (attribute.getType() == Value.Type.SCALAR) {
        json.writeNumberField(attribute.getName(), attribute.getScalar().getValue());
      } else {
        json.writeStringField(attribute.getName(), attribute.getText().getValue());
      }
    }
    json.writeEndObject();
    json.writeNumberField("registered_time", agent.registeredNanos() / NANOS);
    json.writeNumberField("reregistered_time", agent.reregisteredNanos() / NANOS);
    resources("resources", agent.total());
    resources("used_resources", agent.used());
    resources("offered_resources", agent.offered());
    json.writeObjectFieldStart("reserved_resources");
    json.writeEndObject();
    resources("unreserved_resources", agent.total().unreserved());
    json.writeBooleanField("active", agent.connected());
    json.writeBooleanField("deactivated", false);
    json.writeStringField("version", agent.version());
    json.writeArrayFieldStart("capabilities");
    for (var each : agent.capabilities()) {
      json.writeString(each.getType().name());
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void framework(Framework framework, boolean live) throws IOException {
    FrameworkInfo info = framework.info();
    json.writeStartObject();
    json.writeStringField("id", framework.id().value());
    json.writeStringField("name", info.getName());
    json.writeStringField("user", info.getUser());
    json.writeStringField("hostname", info.getHostname());
    json.writeStringField("webui_url", info.getWebuiUrl());
    if (info.hasPrincipal()) {
      json.writeStringField("principal", info.getPrincipal());
    }
    json.writeNumberField("failover_timeout", info.getFailoverTimeout());
    json.writeBooleanField("checkpoint", info.getCheckpoint());
    json.writeBooleanField("active", framework.connected());
    json.writeBooleanField("connected", framework.connected());
    json.writeBooleanField("recovered", framework.awaited());
    json.writeNumberField("registered_time", framework.registeredNanos() / NANOS);
    json.writeNumberField("reregistered_time", framework.reregisteredNanos() / NANOS);
    json.writeNumberField("unregistered_time", framework.unregisteredNanos() / NANOS);
    json.writeArrayFieldStart("capabilities");
    for (var each : info.getCapabilitiesList()) {
      json.writeString(each.getType().name());
    }
    json.writeEndArray();
    if (framework.has(FrameworkInfo.Capability.Type.MULTI_ROLE)) {
      json.writeArrayFieldStart("roles");
      for (String role : framework.roles()) {
        json.writeString(role);
      }
      json.writeEndArray();
    } else {
      json.writeStringField("role", framework.roles().get(0));
    }
    Resources offered = Resources.EMPTY;
    for (OfferId id : state.offersTo(framework.id())) {
      offered = offered.plus(state.offers().get(id).resources());
    }
    Resources used = Resources.EMPTY;
    if (live) {
      for (Task task : state.tasksOf(framework.id())) {
        used = task.holding() ? used.plus(task.resources()) : used;
      }
    }
    resources("resources", used.plus(offered));
    resources("used_resources", used);
    resources("offered_resources", offered);
    json.writeArrayFieldStart("tasks");
    if (live) {
      for (Task task : state.tasksOf(framework.id())) {
        if (!task.unreachable() && visible.task(framework, task)) {
          task(task);
        }
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("unreachable_tasks");
    if (live) {
      for (Task task : state.tasksOf(framework.id())) {
        if (task.unreachable() && visible.task(framework, task)) {
          task(task);
        }
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("completed_tasks");
    for (Task task : history.completedTasks(state, framework)) {
      if (visible.task(framework, task)) {
        task(task);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("offers");
    for (OfferId id : state.offersTo(framework.id())) {
      offer(state.offers().get(id));
    }
    json.writeEndArray();
    empty("executors");
    json.writeEndObject();
  }

  private void offer(Offer offer) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", offer.id().value());
    json.writeStringField("framework_id", offer.framework().value());
    json.writeObjectFieldStart("allocation_info");
    json.writeStringField("role", offer.role());
    json.writeEndObject();
    json.writeStringField("slave_id", offer.agent().value());
    resources("resources", offer.resources());
    json.writeEndObject();
  }

  private void task(Task task) throws IOException {
    TaskInfo info = task.taskInfo();
    json.writeStartObject();
    json.writeStringField("id", task.key().taskId());
    json.writeStringField("name", info.getName());
    json.writeStringField("framework_id", task.key().framework().value());
    json.writeStringField("executor_id", info.getExecutor().getExecutorId().getValue());
    json.writeStringField("slave_id", task.agent().value());
    json.writeStringField("state", task.unreachable() ? "TASK_UNREACHABLE" : task.state().name());
    json.writeStringField("role", task.role());
    resources("resources", task.resources());
    json.writeArrayFieldStart("statuses");
    for (TaskStatus status : task.statuses()) {
      json.writeStartObject();
      json.writeStringField("state", status.getState().name());
      json.writeNumberField("timestamp", status.getTimestamp());
      if (status.hasContainerStatus()) {
        // Its IP addresses are what Mesos-DNS answers with (CP-412); the schema is that of v0, too.
        json.writeFieldName("container_status");
        json.writeRawValue(ProtoJson.print(status.getContainerStatus()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void resources(String name, Resources resources) throws IOException {
    json.writeObjectFieldStart(name);
    Map<String, Long> scalars = new TreeMap<>(resources.scalarQuantities());
    for (String always : ALWAYS) {
      scalars.putIfAbsent(always, 0L);
    }
    for (Map.Entry<String, Long> each : scalars.entrySet()) {
      json.writeNumberField(each.getKey(), each.getValue() / 1000.0);
    }
    for (Resource each : resources.toProtos()) {
      if (each.getType() == Value.Type.RANGES) {
        String text =
            each.getRanges().getRangeList().stream()
                .map(range -> range.getBegin() + "-" + range.getEnd())
                .collect(Collectors.joining(", ", "[", "]"));
        json.writeStringField(each.getName(), text);
      } else if (each.getType() == Value.Type.SET) {
        json.writeStringField(
            each.getName(), "{" + String.join(", ", each.getSet().getItemList()) + "}");
      }
    }
    json.writeEndObject();
  }

  /** {@code /quorate/status}: how far this master is. */
  static void status(LogStatus status, OutputStream out) throws IOException {
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
