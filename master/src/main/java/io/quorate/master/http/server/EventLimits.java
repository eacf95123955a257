package io.quorate.master.http.server;

/**
 * The bounds of operators' event streams.
 *
 * @param subscribersMax streams that are open at once
 * @param eventsMax events that are remembered for streams that come back
 */
public record EventLimits(int subscribersMax, int eventsMax) {
  /** As many streams as Mesos lets in, and ten thousand events. */
  public static final EventLimits DEFAULT = new EventLimits(1000, 10_000);
}
