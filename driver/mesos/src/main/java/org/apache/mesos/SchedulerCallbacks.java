package org.apache.mesos;

import io.quorate.driver.mesos.scheduler.SchedulerSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the bytes of callbacks as the framework's own messages, and makes its callbacks. */
final class SchedulerCallbacks implements SchedulerSink {
  private final SchedulerDriver driver;
  private final Scheduler scheduler;

  SchedulerCallbacks(SchedulerDriver driver, Scheduler scheduler) {
    this.driver = driver;
    this.scheduler = scheduler;
  }

  /** Reads one message. IOException is what every protobuf's own exception is. */
  interface Parser<T> {
    T parse(byte[] bytes) throws IOException;
  }

  static <T> T parsed(Parser<T> parser, byte[] bytes) {
    try {
      return parser.parse(bytes);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the framework's version of org.apache.mesos.Protos cannot read what the master sent", e);
    }
  }

  @Override
  public void registered(byte[] frameworkId, byte[] masterInfo) {
    scheduler.registered(
        driver,
        parsed(bytes -> Protos.FrameworkID.parseFrom(bytes), frameworkId),
        parsed(bytes -> Protos.MasterInfo.parseFrom(bytes), masterInfo));
  }

  @Override
  public void reregistered(byte[] masterInfo) {
    scheduler.reregistered(driver, parsed(bytes -> Protos.MasterInfo.parseFrom(bytes), masterInfo));
  }

  @Override
  public void disconnected() {
    scheduler.disconnected(driver);
  }

  @Override
  public void resourceOffers(List<byte[]> offers) {
    List<Protos.Offer> all = new ArrayList<>();
    for (byte[] offer : offers) {
      all.add(parsed(bytes -> Protos.Offer.parseFrom(bytes), offer));
    }
    scheduler.resourceOffers(driver, all);
  }

  @Override
  public void offerRescinded(byte[] offerId) {
    scheduler.offerRescinded(driver, parsed(bytes -> Protos.OfferID.parseFrom(bytes), offerId));
  }

  @Override
  public void statusUpdate(byte[] status) {
    scheduler.statusUpdate(driver, parsed(bytes -> Protos.TaskStatus.parseFrom(bytes), status));
  }

  @Override
  public void frameworkMessage(byte[] executorId, byte[] agentId, byte[] data) {
    scheduler.frameworkMessage(
        driver,
        parsed(bytes -> Protos.ExecutorID.parseFrom(bytes), executorId),
        parsed(bytes -> Protos.SlaveID.parseFrom(bytes), agentId),
        data);
  }

  @Override
  public void slaveLost(byte[] agentId) {
    scheduler.slaveLost(driver, parsed(bytes -> Protos.SlaveID.parseFrom(bytes), agentId));
  }

  @Override
  public void executorLost(byte[] executorId, byte[] agentId, int status) {
    scheduler.executorLost(
        driver,
        parsed(bytes -> Protos.ExecutorID.parseFrom(bytes), executorId),
        parsed(bytes -> Protos.SlaveID.parseFrom(bytes), agentId),
        status);
  }

  @Override
  public void error(String message) {
    scheduler.error(driver, message);
  }
}
