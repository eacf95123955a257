package io.quorate.driver;

import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.text.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * A subscription over the JDK's client: one thread opens it and reads it to its end, record by
 * record, and any other may hang up. A record has at most 64 MiB.
 */
final class RecordConnection {
  private static final int RECORD_BYTES_MAX = 64 << 20;
  private static final int CHUNK_BYTES = 64 << 10;

  private volatile CompletableFuture<?> attempt;
  private volatile InputStream stream;

  /**
   * Waits for the head of the answer.
   *
   * @throws IOException if there is none, or another thread hung up
   */
  HttpResponse<InputStream> open(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    attempt = answer;
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(Failures.describe(e), e.getCause());
    } catch (CancellationException e) {
      throw new IOException("no answer", e);
    } finally {
      attempt = null;
      answer.cancel(true);
    }
  }

  /**
   * Reads to the end.
   *
   * @param heard told of each piece, before what is in it
   */
  void read(InputStream body, Runnable heard, Consumer<byte[]> record) throws IOException {
    stream = body;
    try {
      RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
        heard.run();
        decoder.feed(chunk, 0, count, record);
      }
    } finally {
      stream = null;
    }
  }

  /** Ends what is being opened or read. */
  void hangUp() {
    CompletableFuture<?> asked = attempt;
    if (asked != null) {
      asked.cancel(true);
    }
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is to be given up anyway.
      }
    }
  }
}
