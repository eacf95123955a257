package io.quorate.protocol.recordio;

import java.nio.charset.StandardCharsets;

/** Writes records: the length in ASCII decimal, one LF, the bytes (CP-040). */
public final class RecordIo {
  private RecordIo() {}

  /** Returns one framed record. */
  public static byte[] encode(byte[] record) {
    byte[] head = (record.length + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] framed = new byte[head.length + record.length];
    System.arraycopy(head, 0, framed, 0, head.length);
    System.arraycopy(record, 0, framed, head.length, record.length);
    return framed;
  }
}
