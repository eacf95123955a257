package io.quorate.master.http.v0;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.util.TreeMap;

/** Frameworks and what they run, as the v0 views show them (Mesos 6.3). */
final class FrameworkParts {
  private static final double NANOS = 1e9;

  private final JsonGenerator json;
  private final MasterView view;
  private final MasterState state;
  private final Visibility visible;
  private final ViewParts parts;

  FrameworkParts(JsonGenerator json, MasterView view, Visibility visible) {
    this.json = json;
    this.view = view;
    this.state = view.state();
    this.visible = visible;
    this.parts = new ViewParts(json, state, visible);
  }

  // -- Frameworks -------------------------------------------------------------------------------

  /** The fields that {@code /state-summary} shows, too. */
  void summary(Framework framework) throws IOException {
    FrameworkInfo info = framework.info();
    json.writeStringField("id", framework.id().value());
    json.writeStringField("name", info.getName());
    parts.resources("used_resources", used(framework));
    parts.resources("offered_resources", offered(framework));
    parts.array(
        "capabilities",
        () -> {
          for (var capability : info.getCapabilitiesList()) {
            json.writeString(capability.getType().name());
          }
        });
    json.writeStringField("hostname", info.getHostname());
    json.writeStringField("webui_url", info.getWebuiUrl());
    json.writeBooleanField("active", framework.connected());
    json.writeBooleanField("connected", framework.connected());
    json.writeBooleanField("recovered", framework.awaited());
  }

  void framework(Framework framework) throws IOException {
    FrameworkInfo info = framework.info();
    json.writeStartObject();
    summary(framework);
    json.writeStringField("user", info.getUser());
    json.writeNumberField("failover_timeout", info.getFailoverTimeout());
    json.writeBooleanField("checkpoint", info.getCheckpoint());
    json.writeNumberField("registered_time", framework.registeredNanos() / NANOS);
    json.writeNumberField("unregistered_time", framework.unregisteredNanos() / NANOS);
    if (info.hasPrincipal()) {
      json.writeStringField("principal", info.getPrincipal());
    }
    parts.resources("resources", used(framework).plus(offered(framework)));
    if (framework.reregisteredNanos() != framework.registeredNanos()) {
      json.writeNumberField("reregistered_time", framework.reregisteredNanos() / NANOS);
    }
    if (framework.has(FrameworkInfo.Capability.Type.MULTI_ROLE)) {
      parts.array(
          "roles",
          () -> {
            for (String role : framework.roles()) {
              json.writeString(role);
            }
          });
    } else {
      json.writeStringField("role", framework.roles().get(0));
    }
    parts.array("tasks", () -> tasks(framework, state.tasksOf(framework.id()), false));
    parts.array("unreachable_tasks", () -> tasks(framework, state.tasksOf(framework.id()), true));
    parts.array(
        "completed_tasks",
        () -> tasks(framework, view.history().completedTasks(state, framework), false));
    parts.array(
        "offers",
        () -> {
          for (OfferId id : state.offersTo(framework.id())) {
            offer(state.offers().get(id));
          }
        });
    parts.array(
        "executors",
        () -> {
          for (Executor executor : state.executorsOf(framework.id())) {
            if (visible.executor(framework, executor)) {
              executor(executor);
            }
          }
        });
    if (info.hasLabels()) {
      parts.labels(info.getLabels());
    }
    parts.raw("offer_constraints", ProtoJson.print(framework.constraints()));
    json.writeEndObject();
  }

  private Resources offered(Framework framework) {
    Resources offered = Resources.EMPTY;
    for (OfferId id : state.offersTo(framework.id())) {
      offered = offered.plus(state.offers().get(id).resources());
    }
    return offered;
  }

  private Resources used(Framework framework) {
    Resources used = Resources.EMPTY;
    for (Task task : state.tasksOf(framework.id())) {
      used = task.holding() ? used.plus(task.resources()) : used;
    }
    for (Executor executor : state.executorsOf(framework.id())) {
      used = used.plus(executor.resources());
    }
    return used;
  }

  private void offer(Offer offer) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", offer.id().value());
    json.writeStringField("framework_id", offer.framework().value());
    parts.object("allocation_info", () -> json.writeStringField("role", offer.role()));
    json.writeStringField("slave_id", offer.agent().value());
    parts.resources("resources", offer.resources());
    json.writeEndObject();
  }

  private void executor(Executor executor) throws IOException {
    ExecutorInfo info = executor.info();
    json.writeStartObject();
    json.writeStringField("executor_id", info.getExecutorId().getValue());
    json.writeStringField("name", info.getName());
    json.writeStringField("framework_id", executor.key().framework().value());
    parts.raw("command", ProtoJson.print(info.getCommand()));
    parts.resources("resources", executor.resources());
    json.writeStringField("role", executor.role());
    if (info.hasLabels()) {
      parts.labels(info.getLabels());
    }
    if (info.hasType()) {
      json.writeStringField("type", info.getType().name());
    }
    json.writeStringField("slave_id", executor.key().agent().value());
    json.writeEndObject();
  }

  // -- Tasks ------------------------------------------------------------------------------------

  private void tasks(Framework framework, Iterable<Task> tasks, boolean unreachable)
      throws IOException {
    for (Task task : tasks) {
      if (task.unreachable() == unreachable && visible.task(framework, task)) {
        task(task, framework.info());
      }
    }
  }

  void task(Task task, FrameworkInfo framework) throws IOException {
    TaskInfo info = task.taskInfo();
    json.writeStartObject();
    json.writeStringField("id", task.key().taskId());
    json.writeStringField("name", info.getName());
    json.writeStringField("framework_id", task.key().framework().value());
    json.writeStringField("executor_id", task.executorId());
    json.writeStringField("slave_id", task.agent().value());
    json.writeStringField("state", task.unreachable() ? "TASK_UNREACHABLE" : task.state().name());
    parts.resources("resources", task.resources());
    if (info.getLimitsCount() > 0) {
      parts.object(
          "limits",
          () -> {
            for (var limit : new TreeMap<>(info.getLimitsMap()).entrySet()) {
              json.writeNumberField(limit.getKey(), limit.getValue().getValue());
            }
          });
    }
    json.writeStringField("role", task.role());
    parts.array(
        "statuses",
        () -> {
          for (TaskStatus status : task.statuses()) {
            status(status);
          }
        });
    if (info.getCommand().hasUser()) {
      json.writeStringField("user", info.getCommand().getUser());
    } else if (info.getExecutor().getCommand().hasUser()) {
      json.writeStringField("user", info.getExecutor().getCommand().getUser());
    }
    if (info.hasLabels()) {
      parts.labels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      parts.raw("discovery", ProtoJson.print(info.getDiscovery()));
    }
    if (info.hasContainer()) {
      parts.raw("container", ProtoJson.print(info.getContainer()));
    }
    if (info.hasHealthCheck()) {
      parts.raw("health_check", ProtoJson.print(info.getHealthCheck()));
    }
    json.writeEndObject();
  }

  private void status(TaskStatus status) throws IOException {
    json.writeStartObject();
    json.writeStringField("state", status.getState().name());
    json.writeNumberField("timestamp", status.getTimestamp());
    if (status.hasLabels()) {
      parts.labels(status.getLabels());
    }
    if (status.hasContainerStatus()) {
      // Its IP addresses are what Mesos-DNS answers with (CP-412); the schema is that of v0, too.
      parts.raw("container_status", ProtoJson.print(status.getContainerStatus()));
    }
    if (status.hasHealthy()) {
      json.writeBooleanField("healthy", status.getHealthy());
    }
    json.writeEndObject();
  }
}
