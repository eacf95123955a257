package io.quorate.driver.mesos.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a message that was read: numbers and bytes under their field's number. */
public final class WireFields {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int DELIMITED = 2;
  private static final int FIXED32 = 5;
  private static final int TYPE_BITS = 3;
  private static final int TYPE_MASK = 7;
  private static final int VARINT_BITS = 7;
  private static final int VARINT_MASK = 0x7f;

  private final byte[] message;
  private final Map<Integer, List<Object>> fields = new LinkedHashMap<>();
  private int at;

  private WireFields(byte[] message) {
    this.message = message;
  }

  /**
   * Reads a message one level deep.
   *
   * @throws IllegalArgumentException if it is no message
   */
  public static WireFields parse(byte[] message) {
    WireFields parsed = new WireFields(message);
    while (parsed.at < message.length) {
      parsed.field();
    }
    return parsed;
  }

  private void field() {
    long tag = varint();
    Object value;
    switch ((int) tag & TYPE_MASK) {
      case VARINT:
        value = varint();
        break;
      case FIXED64:
        value = fixed(Long.BYTES);
        break;
      case DELIMITED:
        long length = varint();
        if (length < 0 || length > message.length - at) {
          throw malformed();
        }
        value = Arrays.copyOfRange(message, at, at + (int) length);
        at += (int) length;
        break;
      case FIXED32:
        value = fixed(Integer.BYTES);
        break;
      default:
        throw malformed();
    }
    fields.computeIfAbsent((int) (tag >>> TYPE_BITS), number -> new ArrayList<>()).add(value);
  }

  private long fixed(int bytes) {
    if (bytes > message.length - at) {
      throw malformed();
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (message[at++] & 0xffL) << (i * Byte.SIZE);
    }
    return value;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
      if (at == message.length) {
        throw malformed();
      }
      byte next = message[at++];
      value |= (long) (next & VARINT_MASK) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed();
  }

  private IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "a message of " + message.length + " bytes that protobuf cannot read from byte " + at);
  }

  private Optional<Object> last(int field) {
    List<Object> values = fields.getOrDefault(field, Collections.emptyList());
    return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
  }

  /** Whether the field is set. */
  public boolean has(int field) {
    return fields.containsKey(field);
  }

  /** The bytes or the message under a number; empty if there are none. */
  public Optional<byte[]> bytes(int field) {
    return last(field).filter(byte[].class::isInstance).map(byte[].class::cast);
  }

  /** All bytes or messages of a repeated field. */
  public List<byte[]> all(int field) {
    List<byte[]> found = new ArrayList<>();
    for (Object value : fields.getOrDefault(field, Collections.emptyList())) {
      if (value instanceof byte[]) {
        found.add((byte[]) value);
      }
    }
    return found;
  }

  /** The message under a number, read; without fields if there is none. */
  public WireFields message(int field) {
    return parse(bytes(field).orElse(new byte[0]));
  }

  /** The text under a number; empty text if there is none. */
  public String text(int field) {
    return new String(bytes(field).orElse(new byte[0]), StandardCharsets.UTF_8);
  }

  /** The whole number under a number. */
  public long number(int field, long otherwise) {
    return last(field).filter(Long.class::isInstance).map(Long.class::cast).orElse(otherwise);
  }

  /** The {@code double} under a number. */
  public double real(int field, double otherwise) {
    return last(field)
        .filter(Long.class::isInstance)
        .map(value -> Double.longBitsToDouble((Long) value))
        .orElse(otherwise);
  }
}
