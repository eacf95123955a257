package io.quorate.protocol.http;

import java.time.Duration;

/**
 * What one HTTP port bears before anybody is known. The defaults hold in a heap of 512 MB: a
 * connection costs some 10 kB, a body at most twice its bytes.
 *
 * @param connectionsMax connections in all; one more is closed at once
 * @param connectionsPerAddressMax the same of one address
 * @param unservedMax connections in all that no whole request came on, or whose last one is
 *     answered; with one more, the oldest of them is closed
 * @param unservedPerAddressMax the same of one address
 * @param headTimeout from the beginning of a connection to its first whole head
 * @param bodyTimeout from a head to the end of its body
 * @param idleTimeout from an answer to the next whole head
 * @param bodyBytesMax the largest body; a larger one gets 413
 * @param bufferedBytesMax bytes of all bodies that are not answered yet; above it 503
 * @param strangersBytesMax the part of it for callers who have not shown who they are
 */
public record HttpBounds(
    int connectionsMax,
    int connectionsPerAddressMax,
    int unservedMax,
    int unservedPerAddressMax,
    Duration headTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    int bodyBytesMax,
    long bufferedBytesMax,
    long strangersBytesMax) {

  /** The body of a request has at most this many bytes, which are 8 MiB. */
  public static final int BODY_BYTES_MAX = 8 << 20;

  /**
   * By default an eighth of the heap is for bodies, and a quarter of that for strangers, but one
   * body at least.
   */
  public static final HttpBounds DEFAULT =
      new HttpBounds(
          12_000,
          11_000,
          2_000,
          1_500,
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofSeconds(75),
          BODY_BYTES_MAX,
          defaultBufferedBytesMax(),
          Math.max(defaultBufferedBytesMax() / 4, BODY_BYTES_MAX));

  public HttpBounds {
    if (Math.min(connectionsMax, connectionsPerAddressMax) < 1
        || Math.min(unservedMax, unservedPerAddressMax) < 1) {
      throw new IllegalArgumentException("a port needs at least one connection");
    }
    if (headTimeout.toMillis() < 1 || bodyTimeout.toMillis() < 1 || idleTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("a connection needs at least a millisecond");
    }
    if (bodyBytesMax < 1 || bufferedBytesMax < 1 || strangersBytesMax < 1) {
      throw new IllegalArgumentException("bodies need at least one byte");
    }
  }

  /** Returns an eighth of the heap, but two bodies at least. */
  static long defaultBufferedBytesMax() {
    return Math.max(Runtime.getRuntime().maxMemory() / 8, 2L * BODY_BYTES_MAX);
  }
}
