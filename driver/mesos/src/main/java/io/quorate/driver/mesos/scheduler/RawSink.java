package io.quorate.driver.mesos.scheduler;

/** The callbacks of Mesos's v1 Scheduler, with events as bytes. One at a time, on one thread. */
public interface RawSink {
  /** A leader was found; a SUBSCRIBE is awaited. */
  void connected();

  /** It was lost. */
  void disconnected();

  /** An event came. */
  void received(byte[] event);
}
