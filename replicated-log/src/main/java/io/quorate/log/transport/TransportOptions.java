package io.quorate.log.transport;

import io.vertx.core.Vertx;

/**
 * The settings of one member's transport.
 *
 * @param vertx runs the sockets
 * @param secret the cluster's secret, at least 16 bytes; never printed
 * @param frameBytesMax the largest frame accepted from a member, and about what may lie unread in a
 *     connection
 * @param pendingMax requests in flight per connection; one more fails at once
 * @param strangersMax connections that have not proved themselves yet, half of them from one
 *     address; one more ends the one that has been silent for longest
 */
public record TransportOptions(
    Vertx vertx, byte[] secret, int frameBytesMax, int pendingMax, int strangersMax) {

  /** The least length of a secret. */
  public static final int SECRET_BYTES_MIN = 16;

  public TransportOptions {
    if (secret.length < SECRET_BYTES_MIN) {
      throw new IllegalArgumentException(
          "the cluster's secret has " + secret.length + " bytes; the least is " + SECRET_BYTES_MIN);
    }
    if (frameBytesMax < Frames.STRANGER_BYTES_MAX || pendingMax < 1 || strangersMax < 1) {
      throw new IllegalArgumentException(
          "frameBytesMax must be at least "
              + Frames.STRANGER_BYTES_MAX
              + ", pendingMax and strangersMax at least 1");
    }
  }

  /** With the usual bounds: frames of 64 MiB, 10,000 requests, 1024 strangers. */
  public static TransportOptions of(Vertx vertx, byte[] secret) {
    return new TransportOptions(vertx, secret.clone(), 64 << 20, 10_000, 1024);
  }

  @Override
  public String toString() {
    return "TransportOptions(secret hidden)";
  }
}
