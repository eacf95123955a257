package io.quorate.master.state.entity;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.VariableKey;
import java.nio.charset.StandardCharsets;

/**
 * A value that a framework keeps with the masters (docs/variables.md).
 *
 * @param version names this value among all that the variable ever had; opaque
 * @param value any bytes
 * @param storedNanos when it was stored, in nanoseconds since the epoch
 */
public record FrameworkVariable(
    VariableKey key, String version, ByteString value, long storedNanos) {
  /** What the maps of the state and the table on disk need for a row, about. */
  public static final int ROW_BYTES = 200;

  /** What it counts for against the bounds, in bytes. */
  public long bytes() {
    return (long) value.size()
        + key.namespace().getBytes(StandardCharsets.UTF_8).length
        + key.name().getBytes(StandardCharsets.UTF_8).length
        + ROW_BYTES;
  }
}
