package io.quorate.agent.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URL;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
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

/**
 * Downloads over http and https; redirects are followed. Any thread may call it, and is blocked.
 */
final class Download {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long WATCH_MILLIS = 100;

  private final HttpClient client = builder().build();
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

  private static HttpClient.Builder builder() {
    return HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL);
  }

  /**
   * The client for a URL. One that names a user has a client of its own, which tells the password
   * to that server alone, and only when it asks: a redirect does not carry it elsewhere.
   */
  private HttpClient client(URI from) {
    String user = from.getUserInfo();
    if (user == null) {
      return client;
    }
    String[] parts = user.split(":", 2);
    char[] password = (parts.length > 1 ? parts[1] : "").toCharArray();
    return builder()
        .authenticator(
            new Authenticator() {
              @Override
              protected PasswordAuthentication getPasswordAuthentication() {
                URL asking = getRequestingURL();
                boolean same =
                    asking.getHost().equalsIgnoreCase(from.getHost())
                        && asking.getPort() == from.getPort()
                        && asking.getProtocol().equalsIgnoreCase(from.getScheme());
                return same ? new PasswordAuthentication(parts[0], password) : null;
              }
            })
        .build();
  }

  /** The same URL without the user, which is nothing that a server is to read in it. */
  private static HttpRequest.Builder request(URI from) throws FetchException {
    if (from.getHost() == null) {
      throw new FetchException(
          "'" + from.getRawAuthority() + "' is not a host name: letters, digits, '-' and '.' only");
    }
    String authority = from.getHost() + (from.getPort() < 0 ? "" : ":" + from.getPort());
    String path = from.getRawPath() + (from.getRawQuery() == null ? "" : "?" + from.getRawQuery());
    return HttpRequest.newBuilder(URI.create(from.getScheme() + "://" + authority + path));
  }

  /** Says what went wrong, as messages of the library may be absent. */
  private static String why(URI from, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "the host '" + from.getHost() + "' cannot be found";
      }
    }
    String message = failure.getMessage();
    boolean refused = failure instanceof ConnectException;
    return refused || message == null || message.isBlank()
        ? "no connection to '"
            + from.getHost()
            + (from.getPort() < 0 ? "" : ":" + from.getPort())
            + "' can be made"
            + (message == null || message.isBlank() ? "" : ": " + message)
        : message;
  }

  /**
   * Returns the size that the server says, above zero; empty if it says none.
   *
   * @param abandoned says that nobody wants it any more
   * @throws FetchException if the server cannot be asked
   */
  OptionalLong size(URI from, BooleanSupplier abandoned) throws IOException {
    HttpResponse<Void> answer =
        send(
            from,
            request(from).method("HEAD", HttpRequest.BodyPublishers.noBody()),
            HttpResponse.BodyHandlers.discarding(),
            abandoned);
    OptionalLong size = answer.headers().firstValueAsLong("Content-Length");
    return answer.statusCode() == 200 && size.isPresent() && size.getAsLong() > 0
        ? size
        : OptionalLong.empty();
  }

  private <B> HttpResponse<B> send(
      URI from,
      HttpRequest.Builder request,
      HttpResponse.BodyHandler<B> body,
      BooleanSupplier abandoned)
      throws IOException {
    CompletableFuture<HttpResponse<B>> answer =
        client(from).sendAsync(request.timeout(stallTimeout).build(), body);
    while (true) {
      try {
        return answer.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (abandoned.getAsBoolean()) {
          answer.cancel(true);
          throw new FetchException("the task was given up", e);
        }
      } catch (ExecutionException e) {
        throw new FetchException(why(from, e.getCause()), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FetchException("the agent stops", e);
      }
    }
  }

  /**
   * Writes what a URL names to a file.
   *
   * @param abandoned says that nobody wants it any more
   * @throws IOException if it cannot be had, is larger than {@code --max_fetch_size}, or no byte
   *     comes for {@code --fetcher_stall_timeout}
   */
  void to(Path file, URI from, BooleanSupplier abandoned) throws IOException {
    HttpResponse<InputStream> answer =
        send(from, request(from), HttpResponse.BodyHandlers.ofInputStream(), abandoned);
    AtomicLong heard = new AtomicLong(System.nanoTime());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        throw new FetchException("the server answered " + answer.statusCode());
      }
      ScheduledFuture<?> watching =
          watch.scheduleAtFixedRate(
              () -> watch(in, heard, abandoned), WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
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
  private void watch(InputStream in, AtomicLong heard, BooleanSupplier abandoned) {
    if (abandoned.getAsBoolean() || System.nanoTime() - heard.get() > stallTimeout.toNanos()) {
      try {
        in.close();
      } catch (IOException e) {
        // It is closed for its reader all the same.
      }
    }
  }
}
