package io.quorate.agent.task;

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
public final class UpdateStream {
  public static final Duration RETRY_FIRST = Duration.ofSeconds(10);
  public static final Duration RETRY_MAX = Duration.ofMinutes(10);

  /** How many of its latest updates a stream knows again. */
  private static final int SEEN_MAX = 1_000;

  private final Deque<TaskStatus> queue = new ArrayDeque<>();
  private final Deque<ByteString> seen = new ArrayDeque<>();
  private TaskState latest = TaskState.TASK_STAGING;
  private long dueNanos;
  private Duration pause = RETRY_FIRST;

  /** What was told and acknowledged before this process. */
  public void resume(TaskState told, Iterable<ByteString> uuids) {
    latest = told;
    uuids.forEach(this::see);
  }

  public void add(TaskStatus status) {
    queue.add(status);
    see(status.getUuid());
    latest = status.getState();
    if (queue.size() == 1) {
      restart();
    }
  }

  /** Removes the head if it is this one; what was acknowledged, or null. */
  public TaskStatus acknowledge(ByteString uuid) {
    if (queue.isEmpty() || !queue.peek().getUuid().equals(uuid)) {
      return null;
    }
    restart();
    return queue.poll();
  }

  /** To be sent at once, with the first pause after. */
  public void restart() {
    dueNanos = Long.MIN_VALUE;
    pause = RETRY_FIRST;
  }

  /** The head if it is time to send it; the next time is later then. */
  public TaskStatus due(long nowNanos) {
    if (queue.isEmpty() || (dueNanos != Long.MIN_VALUE && nowNanos - dueNanos < 0)) {
      return null;
    }
    dueNanos = nowNanos + pause.toNanos();
    pause = pause.multipliedBy(2).compareTo(RETRY_MAX) > 0 ? RETRY_MAX : pause.multipliedBy(2);
    return queue.peek();
  }

  public boolean isEmpty() {
    return queue.isEmpty();
  }

  public Iterable<TaskStatus> all() {
    return queue;
  }

  public TaskState latest() {
    return latest;
  }

  /** How many wait for their acknowledgement. */
  public int size() {
    return queue.size();
  }

  /** Whether this update was added before (CP-262). */
  public boolean saw(ByteString uuid) {
    return seen.contains(uuid);
  }

  /** The updates that are known again, the oldest first. */
  public Iterable<ByteString> seen() {
    return seen;
  }

  private void see(ByteString uuid) {
    if (seen.contains(uuid)) {
      return;
    }
    seen.add(uuid);
    if (seen.size() > SEEN_MAX) {
      seen.remove();
    }
  }
}
