package org.apache.mesos.v1.scheduler;

import io.quorate.driver.mesos.scheduler.RawLink;
import org.apache.mesos.v1.Protos.Credential;

/** Mesos's v1 library, in Java: the scheduler subscribes by itself once it is {@code connected}. */
public class V1Mesos implements Mesos {
  private final RawLink link;

  /** Connects to the leader among these masters. */
  public V1Mesos(Scheduler scheduler, String master) {
    this(scheduler, master, null);
  }

  /** The same, with a name and a secret; null for none. */
  public V1Mesos(Scheduler scheduler, String master, Credential credential) {
    link = RawLinks.make(this, scheduler, master, credential);
    link.start();
  }

  @Override
  public void send(Protos.Call call) {
    link.send(call.toByteArray());
  }

  @Override
  public void reconnect() {
    link.reconnect();
  }

  /** There is nothing native to initialise. */
  protected void initialize() {
    // For classes that call it.
  }
}
