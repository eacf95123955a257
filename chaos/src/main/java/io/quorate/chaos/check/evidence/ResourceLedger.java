package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who holds what, by the events of the log in their order: our own reading of log.proto, beside the
 * masters'.
 */
public final class ResourceLedger {
  public static final Set<String> TERMINAL =
      Set.of(
          "TASK_FINISHED",
          "TASK_FAILED",
          "TASK_KILLED",
          "TASK_LOST",
          "TASK_ERROR",
          "TASK_DROPPED",
          "TASK_GONE",
          "TASK_GONE_BY_OPERATOR");

  /** What an agent has, and what it said that it has before reservations and volumes. */
  public static final class Agent {
    public final ResourceAmounts total;
    public final ResourceAmounts reported;
    public boolean unreachable;

    private Agent(JsonNode total, JsonNode reported) {
      this.total = ResourceAmounts.of(total);
      this.reported = ResourceAmounts.of(reported);
    }
  }

  /** An offer, a task or an executor. */
  record Held(String framework, String agent, String role, ResourceAmounts amounts) {}

  /** A task that is not over and acknowledged. */
  public static final class Task {
    final Held held;
    String latest = "TASK_STAGING";
    public String forwarded = "TASK_STAGING";
    public boolean unreachable;
    private String pendingUuid = "";

    private Task(Held held) {
      this.held = held;
    }

    boolean holding() {
      return !TERMINAL.contains(latest) && !unreachable;
    }
  }

  private final Map<String, Agent> agents = new TreeMap<>();
  private final Map<String, Held> offers = new HashMap<>();
  private final Map<String, Task> tasks = new TreeMap<>();
  private final Map<String, Held> executors = new TreeMap<>();
  private final Map<String, ResourceAmounts> takenOn = new HashMap<>();
  private final Map<String, ResourceAmounts> heldBy = new HashMap<>();
  private final Map<String, Map<String, Long>> limits = new TreeMap<>();
  private String unsure = "";

  public void apply(LoggedEvent e) {
    switch (e.kind()) {
      case "agent_registered" -> {
        JsonNode own = e.event().path("agent_info").path("resources");
        agents.put(e.text("agent_id"), new Agent(own, own));
      }
      case "agent_reconnected" ->
          agents.put(
              e.text("agent_id"),
              new Agent(e.event().path("total"), e.event().path("agent_info").path("resources")));
      case "agent_became_unreachable" -> {
        agent(e).ifPresent(agent -> agent.unreachable = true);
        drop(executors, held -> held.agent.equals(e.text("agent_id")));
      }
      case "agent_removed" -> {
        agents.remove(e.text("agent_id"));
        drop(executors, held -> held.agent.equals(e.text("agent_id")));
      }
      case "offer_extended" ->
          offers.put(
              e.text("offer_id"),
              take(
                  new Held(
                      e.text("framework_id"),
                      e.text("agent_id"),
                      e.text("role"),
                      ResourceAmounts.of(e.event().path("resources")))));
      case "offer_accepted", "offer_declined", "offer_rescinded", "offer_discarded" ->
          release(offers.remove(e.text("offer_id")));
      case "framework_removed" -> {
        String gone = e.text("framework_id");
        drop(offers, held -> held.framework.equals(gone));
        drop(executors, held -> held.framework.equals(gone));
        tasks.values().stream()
            .filter(task -> task.held.framework.equals(gone) && task.holding())
            .forEach(task -> release(task.held));
        tasks.values().removeIf(task -> task.held.framework.equals(gone));
      }
      case "executor_exited", "executor_removed" -> release(executors.remove(executor(e)));
      case "quotas_updated" -> e.event().path("quotas").forEach(this::limit);
      case "operation_begun" -> converted(e);
      default -> task(e);
    }
  }

  private void task(LoggedEvent e) {
    switch (e.kind()) {
      case "task_launched" -> {
        JsonNode info = e.event().path("task_info");
        launched(e.text("framework_id"), info);
        started(e.text("framework_id"), info.path("agent_id"), info.path("executor"));
      }
      case "task_group_launched" -> {
        JsonNode infos = e.event().path("task_group").path("tasks");
        infos.forEach(info -> launched(e.text("framework_id"), info));
        started(
            e.text("framework_id"),
            infos.path(0).path("agent_id"),
            e.event().path("executor_info"));
      }
      case "task_status_updated" -> {
        change(e, task -> updated(e, task));
      }
      case "task_status_acknowledged" -> {
        String key = key(e.text("framework_id"), e.text("task_id"));
        Task task = tasks.get(key);
        if (task != null && task.pendingUuid.equals(e.acknowledged())) {
          task.pendingUuid = "";
          if (TERMINAL.contains(task.forwarded)) {
            tasks.remove(key);
          }
        }
      }
      case "task_became_unreachable" -> {
        change(e, task -> task.unreachable = true);
      }
      case "task_recovered" -> {
        change(
            e,
            task -> {
              task.unreachable = false;
              task.latest = TERMINAL.contains(task.latest) ? task.latest : e.state();
            });
      }
      default -> {}
    }
  }

  private void change(LoggedEvent e, Consumer<Task> how) {
    Task task = tasks.get(key(e.text("framework_id"), e.task()));
    if (task != null) {
      boolean before = task.holding();
      how.accept(task);
      if (before && !task.holding()) {
        release(task.held);
      } else if (!before && task.holding()) {
        take(task.held);
      }
    }
  }

  private Held take(Held held) {
    takenOn.computeIfAbsent(held.agent, key -> new ResourceAmounts()).plus(held.amounts);
    heldBy.computeIfAbsent(held.role, key -> new ResourceAmounts()).plus(held.amounts);
    return held;
  }

  private void release(Held held) {
    if (held != null) {
      takenOn.get(held.agent).minus(held.amounts);
      heldBy.get(held.role).minus(held.amounts);
    }
  }

  private void drop(Map<String, Held> all, Predicate<Held> which) {
    all.values().stream().filter(which).forEach(this::release);
    all.values().removeIf(which);
  }

  /** A state that needs no acknowledgement is a master's own word: a task that it ended is over. */
  private void updated(LoggedEvent e, Task task) {
    task.latest = TERMINAL.contains(task.latest) ? task.latest : e.text("latest_state");
    task.forwarded = e.state();
    task.pendingUuid = e.uuid().isEmpty() ? task.pendingUuid : e.uuid();
    if (e.uuid().isEmpty() && TERMINAL.contains(e.text("latest_state"))) {
      tasks.remove(key(e.text("framework_id"), e.task()));
    }
  }

  private void launched(String framework, JsonNode info) {
    JsonNode resources = info.path("resources");
    Held held =
        new Held(
            framework,
            info.path("agent_id").path("value").asText(),
            resources.path(0).path("allocation_info").path("role").asText(),
            ResourceAmounts.of(resources));
    tasks.put(key(framework, info.path("task_id").path("value").asText()), new Task(take(held)));
  }

  /** An executor begins with its first task. */
  private void started(String framework, JsonNode agentId, JsonNode info) {
    if (info.has("executor_id")) {
      String agent = agentId.path("value").asText();
      JsonNode resources = info.path("resources");
      String role = resources.path(0).path("allocation_info").path("role").asText();
      executors.computeIfAbsent(
          framework + "/" + agent + "/" + info.path("executor_id").path("value").asText(),
          key -> take(new Held(framework, agent, role, ResourceAmounts.of(resources))));
    }
  }

  private static String executor(LoggedEvent e) {
    return e.text("framework_id") + "/" + e.text("agent_id") + "/" + e.text("executor_id");
  }

  private void converted(LoggedEvent e) {
    if (e.event().path("held").asBoolean()) {
      unsure = "what operation at index " + e.index() + " holds: the log does not name it later";
    } else {
      agent(e)
          .ifPresent(
              agent -> {
                agent.total.minus(ResourceAmounts.of(e.event().path("consumed")));
                agent.total.plus(ResourceAmounts.of(e.event().path("converted")));
              });
    }
  }

  private void limit(JsonNode quota) {
    Map<String, Long> millis = new TreeMap<>();
    quota
        .path("limits")
        .properties()
        .forEach(
            limit ->
                millis.put(
                    limit.getKey(), Math.round(limit.getValue().path("value").asDouble() * 1e3)));
    limits.put(quota.path("role").asText(), millis);
  }

  private Optional<Agent> agent(LoggedEvent e) {
    return Optional.ofNullable(agents.get(e.text("agent_id")));
  }

  public static String key(String framework, String task) {
    return framework + "/" + task;
  }

  public Map<String, Agent> agents() {
    return agents;
  }

  Map<String, Held> offers() {
    return offers;
  }

  /** By framework and task. */
  public Map<String, Task> tasks() {
    return tasks;
  }

  /** Thousandths by name; a role without a limit has none. */
  public Map<String, Long> limits(String role) {
    return limits.getOrDefault(role, Map.of());
  }

  /** What makes the sums doubtful; empty if nothing does. */
  public String unsure() {
    return unsure;
  }

  /** In use and on offer on an agent. */
  public ResourceAmounts taken(String agent) {
    return takenOn.getOrDefault(agent, new ResourceAmounts());
  }

  /**
   * What counts against the quota of a top-level role, thousandths by name: what is reserved for it
   * or below it, and what it holds or is offered of the rest.
   */
  public Map<String, Long> consumed(String top) {
    Map<String, Long> consumed = new TreeMap<>();
    for (Agent value : agents.values()) {
      if (!value.unreachable) {
        add(consumed, value.total.byName(kind -> within(kind.reservedFor(), top)));
      }
    }
    heldBy.forEach(
        (role, amounts) -> {
          if (within(role, top)) {
            add(consumed, amounts.byName(ResourceAmounts.Kind::charged));
          }
        });
    return consumed;
  }

  private static void add(Map<String, Long> sums, Map<String, Long> more) {
    more.forEach((name, millis) -> sums.merge(name, millis, Long::sum));
  }

  private static boolean within(String role, String top) {
    return role.equals(top) || role.startsWith(top + "/");
  }
}
