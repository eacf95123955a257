package io.quorate.driver.mesos.scheduler;

/** Mesos's driver status. */
public enum DriverState {
  /** Before the start. */
  NOT_STARTED,
  /** After it. */
  RUNNING,
  /** Ended by an error, or by {@code abort}. */
  ABORTED,
  /** Ended by {@code stop}. */
  STOPPED
}
