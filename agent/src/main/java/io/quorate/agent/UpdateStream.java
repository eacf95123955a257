package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The updates of one task, first made first sent; the next one only after the one before was
 * acknowledged (Mesos 3.8, CP-175, CP-176, CP-255, CP-256). Core thread only.
 */
final class UpdateStream {
  static final Duration RETRY_FIRST = Duration.ofSeconds(10);
  static final Duration RETRY_MAX = Duration.ofMinutes(10);

  private final Deque<TaskStatus> queue = new ArrayDeque<>();
  private TaskState latest = TaskState.TASK_STAGING;
  private long dueNanos;
  private Duration pause = RETRY_FIRST;

  /** What was told and acknowledged before this process. */
  void resume(TaskState told) {
    latest = told;
  }

  void add(TaskStatus status) {
    queue.add(status);
    latest = status.getState();
    if (queue.size() == 1) {
      restart();
    }
  }

  /** Removes the head if it is this one; what was acknowledged, or null. */
  TaskStatus acknowledge(ByteString uuid) {
    if (queue.isEmpty() || !queue.peek().getUuid().equals(uuid)) {
      return null;
    }
    restart();
    return queue.poll();
  }

  /** To be sent at once, with the first pause after. */
  void restart() {
    dueNanos = Long.MIN_VALUE;
    pause = RETRY_FIRST;
  }

  /** The head if it is time to send it; the next time is later then. */
  TaskStatus due(long nowNanos) {
    if (queue.isEmpty() || (dueNanos != Long.MIN_VALUE && nowNanos - dueNanos < 0)) {
      return null;
    }
    dueNanos = nowNanos + pause.toNanos();
    pause = pause.multipliedBy(2).compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause.multipliedBy(2);
    return queue.peek();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  Iterable<TaskStatus> all() {
    return queue;
  }

  TaskState latest() {
    return latest;
  }
}
