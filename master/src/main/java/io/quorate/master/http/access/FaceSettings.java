package io.quorate.master.http.access;

import io.quorate.master.http.server.EventLimits;
import io.quorate.master.http.server.Views;
import io.quorate.protocol.auth.SharedSecret;
import java.util.Optional;

/**
 * The settings of the faces.
 *
 * @param ip the address to bind
 * @param port the port to bind (CP-001)
 * @param bodyBytesMax the largest request body; larger ones get 413
 * @param streamBufferBytesMax what may wait for a slow reader of a stream before it is cut off
 * @param heartbeatSeconds between two heartbeats on a scheduler's stream (CP-044)
 * @param callsInFlightMax calls of one framework that may wait for their answer; one more gets 429
 * @param access who has to log in, and what is shown to whom
 * @param rateLimits how many calls per second each principal may make
 * @param views how much may wait for slow readers of views
 * @param operatorEvents how many event streams operators may have, and what is remembered for them
 * @param agentSecret signs what agents send; without it only agents on this machine are let in
 */
public record FaceSettings(
    String ip,
    int port,
    int bodyBytesMax,
    int streamBufferBytesMax,
    int heartbeatSeconds,
    int callsInFlightMax,
    Access access,
    RateLimits rateLimits,
    Views.Limits views,
    EventLimits operatorEvents,
    Optional<SharedSecret> agentSecret) {

  /** The usual bounds: bodies of 8 MiB, 4 MiB for a slow reader, 1000 calls of a framework. */
  public static FaceSettings of(String ip, int port, Optional<SharedSecret> agentSecret) {
    return new FaceSettings(
        ip,
        port,
        8 << 20,
        4 << 20,
        15,
        1000,
        Access.OPEN,
        RateLimits.NONE,
        Views.Limits.DEFAULT,
        EventLimits.DEFAULT,
        agentSecret);
  }

  /** The same with another bound for the calls of one framework. */
  public FaceSettings withCallsInFlightMax(int calls) {
    return new FaceSettings(
        ip,
        port,
        bodyBytesMax,
        streamBufferBytesMax,
        heartbeatSeconds,
        calls,
        access,
        rateLimits,
        views,
        operatorEvents,
        agentSecret);
  }

  /** The same with other rules of who may come in. */
  public FaceSettings with(Access rules) {
    return new FaceSettings(
        ip,
        port,
        bodyBytesMax,
        streamBufferBytesMax,
        heartbeatSeconds,
        callsInFlightMax,
        rules,
        rateLimits,
        views,
        operatorEvents,
        agentSecret);
  }

  /** The same with limits by principal. */
  public FaceSettings with(RateLimits limits) {
    return new FaceSettings(
        ip,
        port,
        bodyBytesMax,
        streamBufferBytesMax,
        heartbeatSeconds,
        callsInFlightMax,
        access,
        limits,
        views,
        operatorEvents,
        agentSecret);
  }

  /** The same with other bounds of operators' event streams. */
  public FaceSettings with(EventLimits limits) {
    return new FaceSettings(
        ip,
        port,
        bodyBytesMax,
        streamBufferBytesMax,
        heartbeatSeconds,
        callsInFlightMax,
        access,
        rateLimits,
        views,
        limits,
        agentSecret);
  }

  /** The same with other bounds of views. */
  public FaceSettings with(Views.Limits limits) {
    return new FaceSettings(
        ip,
        port,
        bodyBytesMax,
        streamBufferBytesMax,
        heartbeatSeconds,
        callsInFlightMax,
        access,
        rateLimits,
        limits,
        operatorEvents,
        agentSecret);
  }
}
