package io.quorate.protocol.recordio;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads records from chunks of any borders (CP-041). Holds at most one record, and of a long one
 * not much more than what came of it: its length is only a claim. It is for one thread at a time.
 */
public final class RecordIoDecoder {
  /** Digits of the longest length that is read. */
  private static final int DIGITS_MAX = 10;

  private static final int FIRST_BYTES = 8192;

  private final int recordBytesMax;
  private boolean broken;
  private long length;
  private int digits;
  private boolean inRecord;
  private byte[] record = new byte[0];
  private int filled;

  /**
   * A decoder at the start of a stream.
   *
   * @param recordBytesMax the largest record accepted
   */
  public RecordIoDecoder(int recordBytesMax) {
    this.recordBytesMax = recordBytesMax;
  }

  /**
   * Takes the next bytes and hands over every record that they complete, in order.
   *
   * @throws RecordIoException if they are no RecordIO, or a record is over the limit; from then on
   *     always, since where the next record starts is not known any more
   */
  public void feed(byte[] bytes, int offset, int count, Consumer<byte[]> records) {
    feed(ByteBuffer.wrap(bytes, offset, count), records);
  }

  /** Takes a whole array. */
  public void feed(byte[] bytes, Consumer<byte[]> records) {
    feed(ByteBuffer.wrap(bytes), records);
  }

  /** Takes what remains in a buffer. */
  public void feed(ByteBuffer bytes, Consumer<byte[]> records) {
    if (broken) {
      throw new RecordIoException("the stream was broken before");
    }
    while (bytes.hasRemaining()) {
      if (inRecord) {
        take(bytes);
      } else {
        header(bytes.get());
      }
      if (inRecord && filled == length) {
        byte[] complete = filled == record.length ? record : Arrays.copyOf(record, filled);
        record = new byte[0];
        inRecord = false;
        length = 0;
        records.accept(complete);
      }
    }
  }

  /** Whether the stream could end here: no record has begun that is not complete. */
  public boolean atBorder() {
    return !inRecord && digits == 0;
  }

  private void take(ByteBuffer bytes) {
    int part = (int) Math.min(bytes.remaining(), length - filled);
    if (filled + part > record.length) {
      long grown = Math.max((long) filled + part, Math.max(FIRST_BYTES, record.length * 2L));
      record = Arrays.copyOf(record, (int) Math.min(grown, length));
    }
    bytes.get(record, filled, part);
    filled += part;
  }

  private void header(byte next) {
    if (next == '\n' && digits > 0) {
      inRecord = true;
      filled = 0;
      digits = 0;
      return;
    }
    if (next < '0' || next > '9') {
      throw broken(
          "a record's length must be decimal digits and a line feed, but byte "
              + Byte.toUnsignedInt(next)
              + " came after "
              + digits
              + " digits");
    }
    length = length * 10 + (next - '0');
    digits++;
    if (digits > DIGITS_MAX || length > recordBytesMax) {
      throw broken(
          "a record of " + length + " bytes or more is over the limit of " + recordBytesMax);
    }
  }

  private RecordIoException broken(String why) {
    broken = true;
    return new RecordIoException(why);
  }
}
