package io.quorate.master.http.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Task;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers under Mesos's names (6.4), and a few of our own. Counters are the same on every master;
 * what the state holds now is told by the leader alone and is 0 elsewhere, as a standby's is in
 * Mesos, so that sums over masters are right.
 */
public final class Metrics {
  private static final List<String> SCALARS = List.of("cpus", "gpus", "mem", "disk");
  private static final List<TaskState> ACTIVE =
      List.of(
          TaskState.TASK_STAGING,
          TaskState.TASK_STARTING,
          TaskState.TASK_RUNNING,
          TaskState.TASK_KILLING,
          TaskState.TASK_UNREACHABLE);
  private static final JsonFactory JSON = new JsonFactory();
  private static final double MILLIS = 1000.0;

  private final SortedMap<String, Double> all = new TreeMap<>();

  private Metrics() {}

  /** All of one moment. */
  public static SortedMap<String, Double> of(MasterView view, double uptimeSeconds, Gauges gauges) {
    Metrics metrics = new Metrics();
    metrics.put("master/elected", view.leading() ? 1 : 0);
    metrics.put("master/uptime_secs", uptimeSeconds);
    gauges.counters().forEach(metrics::put);
    MasterState state = view.leading() ? view.state() : MasterState.EMPTY;
    metrics.agents(state);
    metrics.frameworks(state);
    metrics.tasks(state);
    metrics.operations(state);
    metrics.put("master/outstanding_offers", state.offers().size());
    metrics.put("registrar/log/recovered", 1);
    metrics.put("registrar/log/ensemble_size", view.log().members().size());
    metrics.put("quorate/term", view.log().term());
    metrics.put("quorate/committed_index", view.log().committedIndex());
    metrics.put("quorate/applied_index", view.log().appliedIndex());
    metrics.put("quorate/unread_view_bytes", gauges.unreadViewBytes());
    metrics.put("quorate/scheduler_streams", gauges.schedulerStreams());
    metrics.put("quorate/agent_links", gauges.agentLinks());
    metrics.put("quorate/variables", view.state().variablesInAll().count());
    metrics.put("quorate/variable_bytes", view.state().variablesInAll().bytes());
    metrics.put("master/operator_event_stream_subscribers", gauges.operatorStreams());
    metrics.system();
    return metrics.all;
  }

  /** {@code /metrics/snapshot} (CP-423). */
  public static void write(SortedMap<String, Double> metrics, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (Map.Entry<String, Double> metric : metrics.entrySet()) {
        json.writeNumberField(metric.getKey(), metric.getValue());
      }
      json.writeEndObject();
    }
  }

  private void put(String name, double value) {
    all.put(name, value);
  }

  private void add(String name, double value) {
    all.merge(name, value, Double::sum);
  }

  private void agents(MasterState state) {
    for (String condition :
        List.of("active", "inactive", "connected", "disconnected", "unreachable")) {
      put("master/slaves_" + condition, 0);
    }
    Resources total = Resources.EMPTY;
    Resources used = Resources.EMPTY;
    Resources offered = Resources.EMPTY;
    for (Agent agent : state.agents().values()) {
      if (agent.unreachable()) {
        add("master/slaves_unreachable", 1);
        continue;
      }
      add(agent.offerable() ? "master/slaves_active" : "master/slaves_inactive", 1);
      add(agent.connected() ? "master/slaves_connected" : "master/slaves_disconnected", 1);
      total = total.plus(agent.total());
      used = used.plus(agent.used());
      offered = offered.plus(agent.offered());
    }
    for (String name : SCALARS) {
      for (boolean revocable : new boolean[] {false, true}) {
        double all = scalar(total, name, revocable);
        double inUse = scalar(used, name, revocable);
        String prefix = "master/" + name + (revocable ? "_revocable_" : "_");
        put(prefix + "total", all);
        put(prefix + "used", inUse);
        put(prefix + "percent", all == 0 ? 0 : inUse / all);
      }
      put("allocator/mesos/resources/" + name + "/total", total.scalarMillis(name) / MILLIS);
      put(
          "allocator/mesos/resources/" + name + "/offered_or_allocated",
          (used.scalarMillis(name) + offered.scalarMillis(name)) / MILLIS);
    }
  }

  private static double scalar(Resources resources, String name, boolean revocable) {
    return resources.filter(resource -> resource.hasRevocable() == revocable).scalarMillis(name)
        / MILLIS;
  }

  private void frameworks(MasterState state) {
    for (String condition : List.of("active", "inactive", "connected", "disconnected")) {
      put("master/frameworks_" + condition, 0);
    }
    for (Framework framework : state.frameworks().values()) {
      boolean connected = framework.connected();
      add(connected ? "master/frameworks_active" : "master/frameworks_inactive", 1);
      add(connected ? "master/frameworks_connected" : "master/frameworks_disconnected", 1);
      put(EventCounters.prefix(framework) + "subscribed", connected ? 1 : 0);
      for (TaskState present : ACTIVE) {
        put(EventCounters.prefix(framework) + "tasks/active/" + word(present), 0);
      }
    }
  }

  private void tasks(MasterState state) {
    for (TaskState present : ACTIVE) {
      put(name(present), 0);
    }
    for (Task task : state.tasks().values()) {
      TaskState shown = task.unreachable() ? TaskState.TASK_UNREACHABLE : task.state();
      if (!task.terminal()) {
        add(name(shown), 1);
        state
            .frameworks()
            .find(task.key().framework())
            .ifPresent(
                framework ->
                    add(EventCounters.prefix(framework) + "tasks/active/" + word(shown), 1));
      }
    }
  }

  private static String word(TaskState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static String name(TaskState state) {
    return "master/" + word(state).replace("task_", "tasks_");
  }

  private void operations(MasterState state) {
    put("master/operations/total", state.operations().size());
    put("master/operations/pending", 0);
    for (Operation operation : state.operations().values()) {
      add("master/operations/pending", operation.terminal() ? 0 : 1);
    }
  }

  /** The kernel says all three; Java says the first alone. */
  private void loads(double lastMinute) {
    put("system/load_1min", Math.max(0, lastMinute));
    try {
      String[] loads = Files.readString(Path.of("/proc/loadavg")).split(" ");
      put("system/load_5min", Double.parseDouble(loads[1]));
      put("system/load_15min", Double.parseDouble(loads[2]));
    } catch (IOException | NumberFormatException e) {
      // Other systems do not have the file.
    }
  }

  private void system() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    put("system/cpus_total", system.getAvailableProcessors());
    loads(system.getSystemLoadAverage());
    if (system instanceof com.sun.management.OperatingSystemMXBean more) {
      put("system/mem_total_bytes", more.getTotalMemorySize());
      put("system/mem_free_bytes", more.getFreeMemorySize());
    }
  }
}
