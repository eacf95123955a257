package org.apache.mesos.v1.scheduler;

import io.quorate.driver.mesos.scheduler.RawLink;
import io.quorate.driver.mesos.wire.FrameworkDefaults;
import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.mesos.wire.WireWriter;
import org.apache.mesos.v1.Protos.Credential;
import org.apache.mesos.v1.Protos.FrameworkInfo;

/**
 * Mesos's v1 interface on its v0 driver. Here both speak v1; what is left of the difference is that
 * the framework is the one that the constructor was given, whatever SUBSCRIBE says.
 */
public class V0Mesos implements Mesos {
  private static final int TYPE = 2;
  private static final int SUBSCRIBE = 1;
  private static final int FRAMEWORK_ID = 3;

  private final RawLink link;
  private final byte[] framework;

  /** Connects to the leader among these masters. */
  public V0Mesos(Scheduler scheduler, FrameworkInfo framework, String master) {
    this(scheduler, framework, master, null);
  }

  /** The same, with a name and a secret; null for none. */
  public V0Mesos(
      Scheduler scheduler, FrameworkInfo framework, String master, Credential credential) {
    this.framework = FrameworkDefaults.complete(framework.toByteArray());
    link = RawLinks.make(this, scheduler, master, credential);
    link.start();
  }

  @Override
  public void send(Protos.Call call) {
    byte[] bytes = call.toByteArray();
    WireFields fields = WireFields.parse(bytes);
    link.send(fields.number(TYPE, 0) == SUBSCRIBE ? subscribe(fields) : bytes);
  }

  private byte[] subscribe(WireFields call) {
    WireWriter described = new WireWriter().fields(framework);
    WireWriter written = new WireWriter();
    call.bytes(1)
        .ifPresent(
            id -> {
              written.bytes(1, id);
              described.bytes(FRAMEWORK_ID, id);
            });
    if (!call.has(1)) {
      WireFields.parse(framework).bytes(FRAMEWORK_ID).ifPresent(id -> written.bytes(1, id));
    }
    WireWriter subscribe = new WireWriter().message(1, described);
    subscribe.all(2, call.message(3).all(2));
    return written.number(TYPE, SUBSCRIBE).message(3, subscribe).toBytes();
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
