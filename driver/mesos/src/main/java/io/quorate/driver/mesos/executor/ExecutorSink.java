package io.quorate.driver.mesos.executor;

/** The callbacks of Mesos's Executor, with messages as bytes. One at a time, on one thread. */
public interface ExecutorSink {
  /** The first subscription. */
  void registered(byte[] executorInfo, byte[] frameworkInfo, byte[] agentInfo);

  /** A later one. */
  void reregistered(byte[] agentInfo);

  /** The agent was lost. */
  void disconnected();

  /** A task is to be started. */
  void launchTask(byte[] task);

  /** A task is to be ended. */
  void killTask(byte[] taskId);

  /** The scheduler says something. */
  void frameworkMessage(byte[] data);

  /** All is to be ended. */
  void shutdown();

  /** The driver was aborted for this reason. */
  void error(String message);
}
