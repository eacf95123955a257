package io.quorate.master.state.table;

import io.quorate.master.state.id.CompletedTaskKey;
import io.quorate.master.state.id.FrameworkId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Keys as bytes: parts ended by a zero byte, then a big-endian number. Unique, not ordered. */
public final class RowKeys {
  private RowKeys() {}

  public static byte[] of(String... parts) {
    return (String.join("\0", parts) + "\0").getBytes(StandardCharsets.UTF_8);
  }

  public static byte[] of(long number, String... parts) {
    byte[] prefix = parts.length == 0 ? new byte[0] : of(parts);
    return ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix).putLong(number).array();
  }

  /** The key of a completed task, read back. */
  public static CompletedTaskKey completedTask(byte[] key) {
    int end = key.length - Long.BYTES;
    String framework = new String(key, 0, end - 1, StandardCharsets.UTF_8);
    return new CompletedTaskKey(new FrameworkId(framework), ByteBuffer.wrap(key).getLong(end));
  }
}
