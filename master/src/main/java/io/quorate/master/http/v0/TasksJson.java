package io.quorate.master.http.v0;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.protocol.v1.FrameworkInfo;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The v0 views that go through all tasks, those that are over included (Mesos 6.3). */
public final class TasksJson {
  /** How many tasks are shown unless told. */
  private static final long LIMIT = 100;

  /** The states that a summary counts. */
  private static final List<String> COUNTED =
      List.of(
          "TASK_STAGING",
          "TASK_STARTING",
          "TASK_RUNNING",
          "TASK_KILLING",
          "TASK_FINISHED",
          "TASK_KILLED",
          "TASK_FAILED",
          "TASK_LOST",
          "TASK_ERROR",
          "TASK_UNREACHABLE");

  private TasksJson() {}

  /** A task, and of whom. */
  private record Item(Task task, FrameworkInfo framework) {
    /** One that nothing was heard of is the newest. */
    double first() {
      return task.statuses().isEmpty()
          ? Double.POSITIVE_INFINITY
          : task.statuses().get(0).getTimestamp();
    }
  }

  /**
   * What of all tasks to show.
   *
   * @param limit how many; 100 unless told
   * @param newestFirst by the time of the first status
   */
  public record Page(
      Optional<String> framework,
      Optional<String> task,
      long offset,
      long limit,
      boolean newestFirst) {

    /**
     * As the query has it: what is no number counts as not given, a limit below 0 is none, and any
     * order but {@code asc} is descending (CP-414).
     */
    public static Page of(
        String framework, String task, String offset, String limit, String order) {
      long most = number(limit, LIMIT);
      return new Page(
          Optional.ofNullable(framework),
          Optional.ofNullable(task),
          Math.max(0, number(offset, 0)),
          most < 0 ? Long.MAX_VALUE : most,
          !"asc".equals(order));
    }

    private static long number(String text, long otherwise) {
      try {
        return text == null ? otherwise : Long.parseLong(text);
      } catch (NumberFormatException e) {
        return otherwise;
      }
    }
  }

  /** {@code /tasks} (CP-414). */
  public static void tasks(MasterView view, Page page, Visibility visible, OutputStream out)
      throws IOException {
    List<Item> items = new ArrayList<>();
    for (Framework framework : view.state().frameworks().values()) {
      items.addAll(items(view, framework, page, visible));
    }
    for (Framework framework : view.history().completedFrameworks(view.state())) {
      items.addAll(items(view, framework, page, visible));
    }
    Comparator<Item> order =
        Comparator.comparingDouble(Item::first).thenComparing(item -> item.task().key());
    items.sort(page.newestFirst() ? order.reversed() : order);
    try (JsonGenerator json = StateJson.JSON.createGenerator(out)) {
      ViewParts parts = new ViewParts(json, view.state(), visible);
      FrameworkParts shown = new FrameworkParts(json, view, visible);
      json.writeStartObject();
      parts.array(
          "tasks",
          () -> {
            long left = Math.max(0, items.size() - page.offset());
            long to = page.offset() + Math.min(left, page.limit());
            for (long i = page.offset(); i < to; i++) {
              Item item = items.get((int) i);
              shown.task(item.task(), item.framework());
            }
          });
      json.writeEndObject();
    }
  }

  private static List<Item> items(
      MasterView view, Framework framework, Page page, Visibility visible) {
    boolean wanted = page.framework().map(framework.id().value()::equals).orElse(true);
    if (!wanted || !visible.framework(framework)) {
      return List.of();
    }
    return all(view, framework).stream()
        .filter(task -> page.task().map(task.key().taskId()::equals).orElse(true))
        .filter(task -> visible.task(framework, task))
        .map(task -> new Item(task, framework.info()))
        .toList();
  }

  /** Active, unreachable and completed. */
  private static List<Task> all(MasterView view, Framework framework) {
    MasterState state = view.state();
    List<Task> tasks = new ArrayList<>(view.history().completedTasks(state, framework));
    state.tasksOf(framework.id()).forEach(tasks::add);
    return tasks;
  }

  // -- Summary ----------------------------------------------------------------------------------

  /** Tasks of one agent or framework by state, and the others that they belong to. */
  private static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final TreeSet<String> others = new TreeSet<>();

    void count(Task task, String other) {
      String name = task.unreachable() ? "TASK_UNREACHABLE" : task.state().name();
      counts.merge(name, 1, Integer::sum);
      others.add(other);
    }

    void write(JsonGenerator json, String otherNames) throws IOException {
      for (String name : COUNTED) {
        json.writeNumberField(name, counts.getOrDefault(name, 0));
      }
      json.writeArrayFieldStart(otherNames);
      for (String other : others) {
        json.writeString(other);
      }
      json.writeEndArray();
    }
  }

  /** {@code /state-summary} (CP-416). */
  public static void summary(MasterView view, Visibility visible, OutputStream out)
      throws IOException {
    MasterState state = view.state();
    Map<String, Tally> agents = new TreeMap<>();
    Map<String, Tally> frameworks = new TreeMap<>();
    for (Framework framework : state.frameworks().values()) {
      if (visible.framework(framework)) {
        String id = framework.id().value();
        Tally own = frameworks.computeIfAbsent(id, key -> new Tally());
        for (Task task : all(view, framework)) {
          if (visible.task(framework, task)) {
            String agent = task.agent().value();
            own.count(task, agent);
            agents.computeIfAbsent(agent, key -> new Tally()).count(task, id);
          }
        }
      }
    }
    try (JsonGenerator json = StateJson.JSON.createGenerator(out)) {
      ViewParts parts = new ViewParts(json, view.state(), visible);
      FrameworkParts shown = new FrameworkParts(json, view, visible);
      json.writeStartObject();
      json.writeStringField("hostname", view.self().getHostname());
      parts.array(
          "slaves",
          () -> {
            for (Agent agent : state.agents().values()) {
              if (!agent.unreachable()) {
                json.writeStartObject();
                parts.agent(agent, false);
                agents.getOrDefault(agent.id().value(), new Tally()).write(json, "framework_ids");
                json.writeEndObject();
              }
            }
          });
      parts.array(
          "frameworks",
          () -> {
            for (Framework framework : state.frameworks().values()) {
              if (visible.framework(framework)) {
                json.writeStartObject();
                shown.summary(framework);
                frameworks.get(framework.id().value()).write(json, "slave_ids");
                json.writeEndObject();
              }
            }
          });
      json.writeEndObject();
    }
  }
}
