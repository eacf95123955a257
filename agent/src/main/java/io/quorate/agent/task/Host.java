package io.quorate.agent.task;

import com.google.protobuf.ByteString;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import java.util.Optional;

/** What those who run things need of the agent. Core thread only, but for {@link #post}. */
public interface Host {
  /** Hands something to the core thread. Any thread. */
  void post(Runnable event);

  /** Time and ids. */
  Sources sources();

  /** All tasks that are known, in the order of their launch. */
  List<AgentTask> tasks();

  /** The task, if it is known. */
  Optional<AgentTask> task(TaskId id);

  /** Keeps a record, and does something once that is safe. */
  void record(JournalRecord record, Runnable safe);

  /**
   * Keeps an update, which is sent when its turn comes. Nothing follows the end of a task.
   *
   * @param safe done once the update is on the disk; a uuid is made where it has none
   */
  void update(AgentTask task, TaskStatus.Builder status, Runnable safe);

  /** As above, where nobody waits for it. */
  default void update(AgentTask task, TaskStatus.Builder status) {
    update(task, status, () -> {});
  }

  /** Sends a message of an executor to its scheduler: once, if the master is there. */
  void say(ExecutorId executor, ByteString data);
}
