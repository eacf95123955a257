package io.quorate.agent.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Downloads over http and https, redirects followed. Any thread; blocks. */
final class Download {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long WATCH_MILLIS = 100;

  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fetch-watch");
            thread.setDaemon(true);
            return thread;
          });
  private final Duration stallTimeout;
  private final long bytesMax;

  Download(Duration stallTimeout, long bytesMax) {
    this.stallTimeout = stallTimeout;
    this.bytesMax = bytesMax;
  }

  /** The size that the server says, above zero; empty if it does not. */
  OptionalLong size(URI from, BooleanSupplier given) throws IOException {
    HttpResponse<Void> answer =
        send(
            HttpRequest.newBuilder(from).method("HEAD", HttpRequest.BodyPublishers.noBody()),
            HttpResponse.BodyHandlers.discarding(),
            given);
    OptionalLong size = answer.headers().firstValueAsLong("Content-Length");
    return answer.statusCode() == 200 && size.isPresent() && size.getAsLong() > 0
        ? size
        : OptionalLong.empty();
  }

  private <B> HttpResponse<B> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<B> body, BooleanSupplier given)
      throws IOException {
    CompletableFuture<HttpResponse<B>> answer =
        client.sendAsync(request.timeout(stallTimeout).build(), body);
    while (true) {
      try {
        return answer.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (given.getAsBoolean()) {
          answer.cancel(true);
          throw new FetchException("given up", e);
        }
      } catch (ExecutionException e) {
        throw new FetchException(String.valueOf(e.getCause().getMessage()), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FetchException("interrupted", e);
      }
    }
  }

  /**
   * Writes a file.
   *
   * @param given whether nobody wants it any more
   * @throws IOException if it cannot be had, is too large, or no byte comes for too long
   */
  void to(Path file, URI from, BooleanSupplier given) throws IOException {
    HttpResponse<InputStream> answer =
        send(HttpRequest.newBuilder(from), HttpResponse.BodyHandlers.ofInputStream(), given);
    AtomicLong heard = new AtomicLong(System.nanoTime());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new FetchException("the server answered " + answer.statusCode());
      }
      ScheduledFuture<?> watching =
          watch.scheduleAtFixedRate(
              () -> watch(in, heard, given), WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
      try (OutputStream out = Files.newOutputStream(file)) {
        copy(in, out, heard);
      } finally {
        watching.cancel(false);
      }
    } catch (IOException e) {
      if (System.nanoTime() - heard.get() > stallTimeout.toNanos()) {
        throw new FetchException("no byte came for " + stallTimeout.toSeconds() + " s", e);
      }
      throw e;
    }
  }

  private void copy(InputStream in, OutputStream out, AtomicLong heard) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      heard.set(System.nanoTime());
      total += read;
      if (total > bytesMax) {
        throw new FetchException("it is larger than " + bytesMax + " bytes");
      }
      out.write(buffer, 0, read);
    }
  }

  /** Closing it is what ends a read that waits. */
  private void watch(InputStream in, AtomicLong heard, BooleanSupplier given) {
    if (given.getAsBoolean() || System.nanoTime() - heard.get() > stallTimeout.toNanos()) {
      try {
        in.close();
      } catch (IOException e) {
        // It is closed for its reader all the same.
      }
    }
  }
}
