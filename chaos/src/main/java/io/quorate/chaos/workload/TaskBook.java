package io.quorate.chaos.workload;

import io.quorate.protocol.v1.TaskState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tasks that a framework knows of and that are not over, in the order of their launch. */
final class TaskBook {
  /** What is known of a task. */
  static final class Entry {
    final String id;
    final String agent;

    /** Its launch may still be done: asked about now, it would be called unknown. */
    boolean underway = true;

    boolean certain;
    volatile boolean killAsked;
    TaskState state = TaskState.TASK_STAGING;

    Entry(String id, String agent) {
      this.id = id;
      this.agent = agent;
    }
  }

  private final Map<String, Entry> open = new LinkedHashMap<>();

  synchronized void launching(String id, String agent) {
    open.put(id, new Entry(id, agent));
  }

  /**
   * Its launch is not tried any more.
   *
   * @param certain whether it is known to have been done
   */
  synchronized void launched(String id, boolean certain) {
    Entry entry = open.get(id);
    if (entry != null) {
      entry.underway = false;
      entry.certain |= certain;
    }
  }

  /** It never was. */
  synchronized void never(String id) {
    open.remove(id);
  }

  synchronized void told(String id, TaskState state) {
    if (over(state)) {
      open.remove(id);
    } else {
      Entry entry = open.get(id);
      if (entry != null) {
        entry.state = state;
        entry.certain = true;
      }
    }
  }

  synchronized List<Entry> open() {
    return List.copyOf(open.values());
  }

  /** Those that may be asked about. */
  synchronized List<Entry> settled() {
    return open.values().stream().filter(entry -> entry.certain || !entry.underway).toList();
  }

  /** Whether nothing comes after this state. */
  static boolean over(TaskState state) {
    return switch (state) {
      case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING, TASK_UNREACHABLE -> false;
      default -> true;
    };
  }
}
