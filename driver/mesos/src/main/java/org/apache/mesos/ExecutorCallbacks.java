package org.apache.mesos;

import io.quorate.driver.mesos.executor.ExecutorSink;

/** Reads the bytes of callbacks as the executor's own messages, and makes its callbacks. */
final class ExecutorCallbacks implements ExecutorSink {
  private final ExecutorDriver driver;
  private final Executor executor;

  ExecutorCallbacks(ExecutorDriver driver, Executor executor) {
    this.driver = driver;
    this.executor = executor;
  }

  @Override
  public void registered(byte[] executorInfo, byte[] frameworkInfo, byte[] agentInfo) {
    executor.registered(
        driver,
        SchedulerCallbacks.parsed(bytes -> Protos.ExecutorInfo.parseFrom(bytes), executorInfo),
        SchedulerCallbacks.parsed(bytes -> Protos.FrameworkInfo.parseFrom(bytes), frameworkInfo),
        SchedulerCallbacks.parsed(bytes -> Protos.SlaveInfo.parseFrom(bytes), agentInfo));
  }

  @Override
  public void reregistered(byte[] agentInfo) {
    executor.reregistered(
        driver, SchedulerCallbacks.parsed(bytes -> Protos.SlaveInfo.parseFrom(bytes), agentInfo));
  }

  @Override
  public void disconnected() {
    executor.disconnected(driver);
  }

  @Override
  public void launchTask(byte[] task) {
    executor.launchTask(
        driver, SchedulerCallbacks.parsed(bytes -> Protos.TaskInfo.parseFrom(bytes), task));
  }

  @Override
  public void killTask(byte[] taskId) {
    executor.killTask(
        driver, SchedulerCallbacks.parsed(bytes -> Protos.TaskID.parseFrom(bytes), taskId));
  }

  @Override
  public void frameworkMessage(byte[] data) {
    executor.frameworkMessage(driver, data);
  }

  @Override
  public void shutdown() {
    executor.shutdown(driver);
  }

  @Override
  public void error(String message) {
    executor.error(driver, message);
  }
}
