package io.quorate.master.state.entity;

import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;

/** Whose rights what runs has: of its command, else of its executor's, else of its framework. */
public final class RunAs {
  /** The user whom an agent takes where nobody names one: its own, which mostly is root. */
  private static final String ROOT = "root";

  private RunAs() {}

  /** Of a task. */
  public static String user(TaskInfo task, FrameworkInfo framework) {
    String own = task.getCommand().getUser();
    return own.isEmpty() ? user(task.getExecutor(), framework) : own;
  }

  /** Of an executor. */
  public static String user(ExecutorInfo executor, FrameworkInfo framework) {
    String own = executor.getCommand().getUser();
    String user = own.isEmpty() ? framework.getUser() : own;
    return user.isEmpty() ? ROOT : user;
  }
}
