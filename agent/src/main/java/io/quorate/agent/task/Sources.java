package io.quorate.agent.task;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where time and ids come from.
 *
 * @param nanos the clock of durations
 * @param millis the clock on the wall, since the epoch
 * @param ids each unlike all others
 */
public record Sources(LongSupplier nanos, LongSupplier millis, Supplier<UUID> ids) {
  /** Those of this machine. */
  public static Sources system() {
    return new Sources(System::nanoTime, Clock.systemUTC()::millis, UUID::randomUUID);
  }

  /** A new id, as messages have it. */
  public ByteString uuid() {
    UUID uuid = ids.get();
    return ByteString.copyFrom(
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array());
  }

  /** Now, for durations. */
  public long now() {
    return nanos.getAsLong();
  }
}
