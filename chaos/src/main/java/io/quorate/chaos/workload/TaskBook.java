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
    boolean certain;
    boolean killAsked;
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

  synchronized void certain(String id) {
    Entry entry = open.get(id);
    if (entry != null) {
      entry.certain = true;
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

  /** Whether nothing comes after this state. */
  static boolean over(TaskState state) {
    return switch (state) {
      case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING, TASK_UNREACHABLE -> false;
      default -> true;
    };
  }
}
