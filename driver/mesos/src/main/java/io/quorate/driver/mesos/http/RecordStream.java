package io.quorate.driver.mesos.http;

import io.quorate.protocol.recordio.RecordIoDecoder;
import java.io.IOException;
import java.util.function.Consumer;

/** Reads RecordIO from a response until it ends. Records of over 64 MiB end it with an error. */
public final class RecordStream {
  private static final int RECORD_BYTES_MAX = 64 << 20;
  private static final int CHUNK_BYTES = 64 << 10;

  private RecordStream() {}

  /**
   * Hands over every record.
   *
   * @param heard called whenever anything came
   */
  public static void read(HttpResponseBody body, Runnable heard, Consumer<byte[]> records)
      throws IOException {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      heard.run();
      decoder.feed(chunk, 0, count, records);
    }
  }
}
