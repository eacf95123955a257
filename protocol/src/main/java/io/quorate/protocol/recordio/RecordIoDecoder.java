package io.quorate.protocol.recordio;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads records from chunks of any borders (CP-041). Holds at most one record. For one thread at a
 * time.
 */
public final class RecordIoDecoder {
  /** Digits of the longest length that is read. */
  private static final int DIGITS_MAX = 10;

  private final int recordBytesMax;
  private long length;
  private int digits;
  private byte[] record;
  private int filled;

  /**
   * @param recordBytesMax the largest record accepted
   */
  public RecordIoDecoder(int recordBytesMax) {
    this.recordBytesMax = recordBytesMax;
  }

  /**
   * Takes the next bytes and hands over every record that they complete, in order.
   *
   * @throws RecordIoException if they are no RecordIO, or a record is over the limit
   */
  public void feed(byte[] bytes, int offset, int count, Consumer<byte[]> records) {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (record == null) {
        header(bytes[at++]);
      } else {
        int part = Math.min(end - at, record.length - filled);
        System.arraycopy(bytes, at, record, filled, part);
        filled += part;
        at += part;
      }
      if (record != null && filled == record.length) {
        byte[] complete = record;
        record = null;
        records.accept(complete);
      }
    }
  }

  /** Takes a whole array. */
  public void feed(byte[] bytes, Consumer<byte[]> records) {
    feed(bytes, 0, bytes.length, records);
  }

  private void header(byte next) {
    if (next == '\n' && digits > 0) {
      record = new byte[Math.toIntExact(length)];
      filled = 0;
      length = 0;
      digits = 0;
      return;
    }
    if (next < '0' || next > '9') {
      throw new RecordIoException(
          "a record's length must be decimal digits and a line feed, but byte "
              + Arrays.toString(new byte[] {next})
              + " came after "
              + digits
              + " digits");
    }
    length = length * 10 + (next - '0');
    digits++;
    if (digits > DIGITS_MAX || length > recordBytesMax) {
      throw new RecordIoException(
          "a record of " + length + " bytes or more is over the limit of " + recordBytesMax);
    }
  }
}
