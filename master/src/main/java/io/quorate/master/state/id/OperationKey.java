package io.quorate.master.state.id;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The uuid of an operation, in text.
 *
 * @param uuid 36 characters
 */
public record OperationKey(String uuid) implements Comparable<OperationKey> {
  private static final int BYTES = 16;
  private static final Pattern FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** The uuid of the cluster's operation of this number: of a name, so that it needs no chance. */
  public static OperationKey minted(String clusterId, long number) {
    String name = clusterId + "/operation/" + number;
    return new OperationKey(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString());
  }

  /** From the wire; a key that nothing has for anything but 16 bytes. */
  public static OperationKey of(ByteString bytes) {
    if (bytes.size() != BYTES) {
      return new OperationKey("");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new OperationKey(new UUID(buffer.getLong(), buffer.getLong()).toString());
  }

  /** As it is on the wire: 16 bytes; all are zero for a text that is no uuid. */
  public ByteString bytes() {
    UUID value = FORM.matcher(uuid).matches() ? UUID.fromString(uuid) : new UUID(0, 0);
    ByteBuffer buffer = ByteBuffer.allocate(BYTES);
    buffer.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
    return ByteString.copyFrom(buffer.flip());
  }

  @Override
  public int compareTo(OperationKey other) {
    return uuid.compareTo(other.uuid);
  }
}
