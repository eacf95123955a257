package io.quorate.agent.state;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * What a decision may know of the world beside its input.
 *
 * @param millis the agent's clock, in milliseconds since the epoch
 * @param id a random id, of which a decision makes all that it needs
 */
public record Moment(long millis, UUID id) {
  private static final double MILLIS_PER_SECOND = 1000;

  /** The time as statuses of tasks have it, in seconds. */
  public double seconds() {
    return millis / MILLIS_PER_SECOND;
  }

  /** The n-th id of this moment, as messages have it. */
  public ByteString uuid(int n) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits() + n)
            .array());
  }
}
