package io.quorate.driver.mesos.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the fields of one message, in the order in which they are given. To write a field that is
 * not repeated once more replaces the first one, or adds to it if it is a message: that is how
 * protobuf reads it.
 */
public final class WireWriter {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int TYPE_BITS = 3;
  private static final int VARINT_BITS = 7;
  private static final int VARINT_MASK = 0x7f;
  private static final int VARINT_MORE = 0x80;
  private static final int FIXED64_BYTES = 8;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Appends the fields of a message of the same kind. */
  public WireWriter fields(byte[] message) {
    out.write(message, 0, message.length);
    return this;
  }

  /** Writes bytes, or a message that is bytes already. */
  public WireWriter bytes(int field, byte[] value) {
    varint(((long) field << TYPE_BITS) | DELIMITED);
    varint(value.length);
    return fields(value);
  }

  /** Writes a message. */
  public WireWriter message(int field, WireWriter value) {
    return bytes(field, value.toBytes());
  }

  /** Writes each of the values under the same number. */
  public WireWriter all(int field, Iterable<byte[]> values) {
    for (byte[] value : values) {
      bytes(field, value);
    }
    return this;
  }

  /** Writes text. */
  public WireWriter text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes a whole number, an enum's value or a boolean as 0 or 1. */
  public WireWriter number(int field, long value) {
    varint(((long) field << TYPE_BITS) | VARINT);
    varint(value);
    return this;
  }

  /** Writes a {@code double}. */
  public WireWriter real(int field, double value) {
    varint(((long) field << TYPE_BITS) | FIXED64);
    long bits = Double.doubleToRawLongBits(value);
    for (int i = 0; i < FIXED64_BYTES; i++) {
      out.write((int) (bits >>> (i * Byte.SIZE)));
    }
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~(long) VARINT_MASK) != 0) {
      out.write((int) ((rest & VARINT_MASK) | VARINT_MORE));
      rest >>>= VARINT_BITS;
    }
    out.write((int) rest);
  }

  /** The message. */
  public byte[] toBytes() {
    return out.toByteArray();
  }
}
