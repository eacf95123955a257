package io.quorate.agent.isolate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resident memory of containers, by a look at all processes from time to time. A process
 * belongs to the container that its environment names.
 */
final class ProcessMemory {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessMemory.class);
  private static final String MARK = "MESOS_CONTAINER_ID=";
  private static final int START_TIME_FIELD = 20;
  private static final String RESIDENT = "VmRSS:";
  private static final long KIB = 1024;

  /** What was found out about a process. */
  private record Known(String startTime, String container) {}

  private Map<Long, Known> known = new HashMap<>();
  private volatile Map<String, Long> used = Map.of();

  /** Begins to look, on a thread of its own. */
  void start(Duration interval) {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "memory-watch");
              thread.setDaemon(true);
              return thread;
            });
    var unused =
        watch.scheduleWithFixedDelay(
            this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns the resident bytes by container, as of the latest look. */
  Map<String, Long> used() {
    return used;
  }

  void look() {
    try {
      Map<Long, Known> seen = new HashMap<>();
      Map<String, Long> sums = new HashMap<>();
      ProcessHandle.allProcesses().forEach(process -> add(process.pid(), seen, sums));
      known = seen;
      used = Map.copyOf(sums);
    } catch (RuntimeException e) {
      LOG.error("The memory of containers was not looked at", e);
    }
  }

  private void add(long pid, Map<Long, Known> seen, Map<String, Long> sums) {
    String[] stat = stat(pid);
    if (stat.length < START_TIME_FIELD) {
      return;
    }
    Known before = known.get(pid);
    String startTime = stat[START_TIME_FIELD - 1];
    Known now =
        before != null && before.startTime().equals(startTime)
            ? before
            : new Known(startTime, container(pid));
    seen.put(pid, now);
    if (!now.container().isEmpty()) {
      sums.merge(now.container(), resident(pid), Long::sum);
    }
  }

  /** What follows the name, from the state on: field 3 of /proc/pid/stat is the first. */
  private static String[] stat(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    } catch (IOException e) {
      return new String[0];
    }
  }

  /** Returns the resident memory in bytes, which is 0 for a process that ended. */
  private static long resident(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith(RESIDENT)) {
          return Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip()) * KIB;
        }
      }
    } catch (IOException e) {
      LOG.debug("Process {} ended", pid);
    }
    return 0;
  }

  private static String container(long pid) {
    try {
      String variables =
          Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
      for (String variable : variables.split("\0")) {
        if (variable.startsWith(MARK)) {
          return variable.substring(MARK.length());
        }
      }
    } catch (IOException e) {
      // Gone, or another user's: then this agent did not start it.
    }
    return "";
  }
}
