package io.quorate.agent.state;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One run: of a task that the agent runs itself, or of an executor. Every process of the agent
 * names it in the same way, for it is made from the commands that launched it.
 *
 * @param executor whose run it is, or to which the task belongs
 * @param task the task's id; empty for the run of an executor
 * @param number of the command that launched it
 * @param parent the number of the command that launched the executor's run which the task is part
 *     of; 0 for a run that is part of no other
 */
public record RunId(ExecutorId executor, String task, long number, long parent) {
  /** Whether it is the run of an executor. */
  public boolean ofExecutor() {
    return task.isEmpty();
  }

  /** Whether the task is part of an executor's run. */
  public boolean nested() {
    return parent != 0;
  }

  /** Returns the id of the task. */
  public TaskId taskId() {
    return new TaskId(executor.framework(), task);
  }

  /** Returns the id of its container on an agent. */
  public String container(String agentId) {
    return uuid(agentId + "/" + number + (nested() ? "/" + task : ""));
  }

  /** The id of the outermost container that it is in, which may be its own. */
  public String rootContainer(String agentId) {
    return nested() ? uuid(agentId + "/" + parent) : container(agentId);
  }

  private static String uuid(String name) {
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }
}
