package io.quorate.agent.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.agent.AgentCore;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.RunId;
import io.quorate.protocol.metrics.PrometheusText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The views of an agent's port with Mesos's fields (Mesos 6.3), each of one state. It may be called
 * on any thread.
 *
 * <p>A command task is shown as Mesos shows it: as an executor of its own with the task's id.
 */
final class AgentViews {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String VERSION = "1.11.0";
  private static final double MILLIS = 1000.0;
  private static final List<String> ALWAYS = List.of("disk", "mem", "gpus", "cpus");

  private final AgentSettings settings;
  private final AgentPort port;
  private final AgentCore core;

  AgentViews(AgentSettings settings, AgentPort port, AgentCore core) {
    this.settings = settings;
    this.port = port;
    this.core = core;
  }

  /** Writes fields or elements. */
  interface Part {
    void to(JsonGenerator json) throws IOException;
  }

  /** Returns one JSON text. */
  static byte[] written(Part part) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      part.to(json);
    }
    return out.toByteArray();
  }

  /** Returns the body of {@code /version}. */
  byte[] version() throws IOException {
    return written(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", VERSION);
          json.writeNumberField("start_time", port.startSeconds());
          json.writeEndObject();
        });
  }

  /** Returns the body of {@code /flags}. */
  byte[] flags() throws IOException {
    return written(
        json -> {
          json.writeStartObject();
          writeFlags(json);
          json.writeEndObject();
        });
  }

  private void writeFlags(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("flags");
    for (Map.Entry<String, String> flag : port.flags().entrySet()) {
      json.writeStringField(flag.getKey(), flag.getValue());
    }
    json.writeEndObject();
  }

  /** Returns the body of {@code /state}. */
  byte[] state() throws IOException {
    AgentState state = core.state();
    return written(
        json -> {
          json.writeStartObject();
          json.writeStringField("version", VERSION);
          json.writeNumberField("start_time", port.startSeconds());
          json.writeStringField("id", state.agentId());
          json.writeStringField("pid", "slave(1)@" + settings.ip() + ":" + settings.port());
          json.writeStringField("hostname", settings.hostname());
          Resources total = Resources.of(state.head().getIntroduced().getResourcesList());
          resources(json, "resources", total.isEmpty() ? configured() : total);
          json.writeObjectFieldStart("attributes");
          for (Attribute attribute : settings.attributes()) {
            attribute(json, attribute);
          }
          json.writeEndObject();
          writeFlags(json);
          json.writeArrayFieldStart("frameworks");
          for (Map.Entry<String, FrameworkInfo> framework : frameworks(state).entrySet()) {
            framework(json, state, framework.getKey(), framework.getValue());
          }
          json.writeEndArray();
          json.writeArrayFieldStart("completed_frameworks");
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private Resources configured() {
    return Resources.of(settings.resources());
  }

  private static void attribute(JsonGenerator json, Attribute attribute) throws IOException {
    switch (attribute.getType()) {
      case SCALAR -> json.writeNumberField(attribute.getName(), attribute.getScalar().getValue());
      case RANGES -> {
        List<String> ranges = new ArrayList<>();
        attribute
            .getRanges()
            .getRangeList()
            .forEach(range -> ranges.add(range.getBegin() + "-" + range.getEnd()));
        json.writeStringField(attribute.getName(), "[" + String.join(", ", ranges) + "]");
      }
      default -> json.writeStringField(attribute.getName(), attribute.getText().getValue());
    }
  }

  /** As in Mesos: four scalars always, others where there are some, ranges as text. */
  private static void resources(JsonGenerator json, String name, Resources resources)
      throws IOException {
    json.writeObjectFieldStart(name);
    SortedMap<String, Long> scalars = new TreeMap<>(resources.scalarQuantities());
    for (String always : ALWAYS) {
      Long millis = scalars.remove(always);
      json.writeNumberField(always, (millis == null ? 0 : millis) / MILLIS);
    }
    for (Map.Entry<String, Long> scalar : scalars.entrySet()) {
      json.writeNumberField(scalar.getKey(), scalar.getValue() / MILLIS);
    }
    Map<String, List<String>> ranges = new TreeMap<>();
    for (Resource resource : resources.toProtos()) {
      resource
          .getRanges()
          .getRangeList()
          .forEach(
              range ->
                  ranges
                      .computeIfAbsent(resource.getName(), key -> new ArrayList<>())
                      .add(range.getBegin() + "-" + range.getEnd()));
    }
    for (Map.Entry<String, List<String>> of : ranges.entrySet()) {
      json.writeStringField(of.getKey(), "[" + String.join(", ", of.getValue()) + "]");
    }
    json.writeEndObject();
  }

  private static Map<String, FrameworkInfo> frameworks(AgentState state) {
    Map<String, FrameworkInfo> frameworks = new LinkedHashMap<>();
    for (AgentExecutor executor : state.executors().values()) {
      frameworks.put(executor.framework().getId().getValue(), executor.framework());
    }
    for (AgentTask task : state.tasks().values()) {
      frameworks.putIfAbsent(task.framework().getId().getValue(), task.framework());
    }
    return frameworks;
  }

  private void framework(JsonGenerator json, AgentState state, String id, FrameworkInfo info)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("name", info.getName());
    json.writeStringField("user", info.getUser());
    json.writeBooleanField("checkpoint", info.getCheckpoint());
    json.writeArrayFieldStart("roles");
    for (String role : info.getRolesList()) {
      json.writeString(role);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("executors");
    for (AgentExecutor executor : state.executors().values()) {
      if (executor.framework().getId().getValue().equals(id)) {
        executor(json, state, executor.run(), state.tasksOf(executor.id()));
      }
    }
    for (AgentTask task : state.tasks().values()) {
      if (task.framework().getId().getValue().equals(id) && !task.info().hasExecutor()) {
        executor(json, state, task.run(), List.of(task));
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("completed_executors");
    json.writeEndArray();
    json.writeEndObject();
  }

  private void executor(JsonGenerator json, AgentState state, RunId run, List<AgentTask> tasks)
      throws IOException {
    ExecutorId id = run.executor();
    json.writeStartObject();
    json.writeStringField("id", id.executor());
    json.writeStringField("name", name(state, run));
    json.writeStringField("source", id.executor());
    json.writeStringField("container", run.container(state.agentId()));
    json.writeStringField(
        "directory", core.layout().run(state.agentId(), run).sandbox().toString());
    json.writeStringField("type", run.ofExecutor() ? "CUSTOM" : "DEFAULT");
    resources(json, "resources", held(state, run, tasks));
    json.writeArrayFieldStart("tasks");
    for (AgentTask task : tasks) {
      if (!task.terminal()) {
        task(json, state, task);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("queued_tasks");
    json.writeEndArray();
    json.writeArrayFieldStart("completed_tasks");
    for (AgentTask task : tasks) {
      if (task.terminal()) {
        task(json, state, task);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String name(AgentState state, RunId run) {
    return state
        .executor(run.executor())
        .filter(executor -> run.ofExecutor())
        .map(executor -> executor.info().getName())
        .orElse("Command Executor (Task: " + run.task() + ")");
  }

  /** What an executor and its tasks that are not over were given. */
  private static Resources held(AgentState state, RunId run, List<AgentTask> tasks) {
    List<Resource> all = new ArrayList<>();
    state
        .executor(run.executor())
        .filter(executor -> run.ofExecutor())
        .ifPresent(executor -> all.addAll(executor.info().getResourcesList()));
    tasks.stream()
        .filter(task -> !task.terminal())
        .forEach(task -> all.addAll(task.info().getResourcesList()));
    return Resources.of(all);
  }

  private static void task(JsonGenerator json, AgentState state, AgentTask task)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", task.info().getTaskId().getValue());
    json.writeStringField("name", task.info().getName());
    json.writeStringField("framework_id", task.framework().getId().getValue());
    json.writeStringField(
        "executor_id", task.info().hasExecutor() ? task.executor().executor() : "");
    json.writeStringField("slave_id", state.agentId());
    json.writeStringField("state", task.kept().getLatest().name());
    resources(json, "resources", Resources.of(task.info().getResourcesList()));
    json.writeArrayFieldStart("statuses");
    for (var status : task.kept().getUpdatesList()) {
      json.writeStartObject();
      json.writeStringField("state", status.getState().name());
      json.writeNumberField("timestamp", status.getTimestamp());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * {@code /containers} and {@code /monitor/statistics}: the outermost containers that are not
   * over, and what they may use.
   *
   * @param status whether to say what the container is besides
   */
  byte[] containers(boolean status) throws IOException {
    AgentState state = core.state();
    double now = Clock.systemUTC().millis() / MILLIS;
    return written(
        json -> {
          json.writeStartArray();
          for (Map.Entry<RunId, RootContainer> container : core.containers().entrySet()) {
            RunId run = container.getKey();
            json.writeStartObject();
            if (status) {
              json.writeStringField("container_id", container.getValue().id());
            }
            json.writeStringField("executor_id", run.executor().executor());
            json.writeStringField("executor_name", name(state, run));
            json.writeStringField("framework_id", run.executor().framework());
            json.writeStringField("source", run.executor().executor());
            statistics(json, container.getValue().resources(), now);
            if (status) {
              json.writeObjectFieldStart("status");
              json.writeObjectFieldStart("container_id");
              json.writeStringField("value", container.getValue().id());
              json.writeEndObject();
              json.writeEndObject();
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void statistics(JsonGenerator json, ContainerResources given, double now)
      throws IOException {
    json.writeObjectFieldStart("statistics");
    json.writeNumberField("cpus_soft_limit", given.cpus());
    json.writeNumberField("mem_soft_limit_bytes", given.memBytes());
    if (!Double.isInfinite(given.memBytesMax())) {
      json.writeNumberField("mem_limit_bytes", Math.round(given.memBytesMax()));
    }
    json.writeNumberField("timestamp", now);
    json.writeEndObject();
  }

  /** {@code /metrics/snapshot}: what follows from the state. */
  byte[] metrics() throws IOException {
    return written(
        json -> {
          json.writeStartObject();
          for (Map.Entry<String, Double> metric : numbers().entrySet()) {
            json.writeNumberField(metric.getKey(), metric.getValue());
          }
          json.writeEndObject();
        });
  }

  /** {@code /metrics}: the same for Prometheus; there are no counters among them. */
  byte[] prometheus() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrometheusText.write(numbers(), Set.of(), text);
    return text.toByteArray();
  }

  private SortedMap<String, Double> numbers() {
    SortedMap<String, Double> metrics = AgentMetrics.of(core.state(), configured(), core.linked());
    metrics.put(
        "slave/uptime_secs",
        Math.max(0, Clock.systemUTC().millis() / MILLIS - port.startSeconds()));
    return metrics;
  }
}
