package io.quorate.driver.mesos.scheduler;

/** A call that waits for being sent, or for its answer. */
public final class OutgoingCall {
  private final int type;
  private final byte[] call;

  OutgoingCall(int type, byte[] call) {
    this.type = type;
    this.call = call;
  }

  int type() {
    return type;
  }

  /** The call, complete. */
  public byte[] call() {
    return call;
  }

  /**
   * Whether it may be sent again if nobody knows whether it was done. The master recognises an
   * ACCEPT, and what most others ask for is so already; a message would arrive twice.
   */
  boolean mayBeRepeated() {
    return type != SchedulerCalls.MESSAGE && type != SchedulerCalls.REQUEST;
  }
}
