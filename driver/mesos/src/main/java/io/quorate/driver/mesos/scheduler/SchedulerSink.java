package io.quorate.driver.mesos.scheduler;

import java.util.List;

/** The callbacks of Mesos's Scheduler, with messages as bytes. One at a time, on one thread. */
public interface SchedulerSink {
  /** The first subscription of this driver. */
  void registered(byte[] frameworkId, byte[] masterInfo);

  /** A later one. */
  void reregistered(byte[] masterInfo);

  /** The master was lost. */
  void disconnected();

  /** New offers. */
  void resourceOffers(List<byte[]> offers);

  /** An offer is no longer valid. */
  void offerRescinded(byte[] offerId);

  /** A task has a new status. */
  void statusUpdate(byte[] status);

  /** An executor says something. */
  void frameworkMessage(byte[] executorId, byte[] agentId, byte[] data);

  /** An agent is lost. */
  void slaveLost(byte[] agentId);

  /** An executor ended. */
  void executorLost(byte[] executorId, byte[] agentId, int status);

  /** The driver was aborted for this reason. */
  void error(String message);
}
