package io.quorate.driver.mesos.scheduler;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;

/** Writes down what the scheduler is told. */
final class RecordingSink implements SchedulerSink {
  private final List<String> told;

  RecordingSink(List<String> told) {
    this.told = told;
  }

  @Override
  public void registered(byte[] frameworkId, byte[] masterInfo) {
    try {
      told.add("registered " + FrameworkID.parseFrom(frameworkId).getValue());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void reregistered(byte[] masterInfo) {
    told.add("reregistered");
  }

  @Override
  public void disconnected() {
    told.add("disconnected");
  }

  @Override
  public void resourceOffers(List<byte[]> offers) {
    told.add("resourceOffers " + offers.size());
  }

  @Override
  public void offerRescinded(byte[] offerId) {
    told.add("offerRescinded");
  }

  @Override
  public void statusUpdate(byte[] status) {
    try {
      TaskStatus update = TaskStatus.parseFrom(status);
      told.add(
          "statusUpdate "
              + update.getTaskId().getValue()
              + " "
              + update.getState()
              + " "
              + update.getReason());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void frameworkMessage(byte[] executorId, byte[] agentId, byte[] data) {
    told.add("frameworkMessage " + data.length);
  }

  @Override
  public void slaveLost(byte[] agentId) {
    told.add("slaveLost");
  }

  @Override
  public void executorLost(byte[] executorId, byte[] agentId, int status) {
    told.add("executorLost " + status);
  }

  @Override
  public void error(String message) {
    told.add("error " + message);
  }
}
