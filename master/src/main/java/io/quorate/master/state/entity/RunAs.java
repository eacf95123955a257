package io.quorate.master.state.entity;

import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;

/** Whose rights what runs has: of its command, else of its executor's, else of its framework. */
public final class RunAs {
  private RunAs() {}

  /** Of a task. */
  public static String user(TaskInfo task, FrameworkInfo framework) {
    return task.getCommand().hasUser()
        ? task.getCommand().getUser()
        : user(task.getExecutor(), framework);
  }

  /** Of an executor. */
  public static String user(ExecutorInfo executor, FrameworkInfo framework) {
    return executor.getCommand().hasUser() ? executor.getCommand().getUser() : framework.getUser();
  }
}
