package io.quorate.agent.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URLConnection;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/**
 * Downloads over http, https and ftp. Redirects are followed up to a bound, to http and https
 * alone, and from https to https alone; a login goes to the server that the URL names, and to no
 * other. Any thread may call it, and is blocked.
 */
final class Download {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final long WATCH_MILLIS = 50;
  private static final int OK = 200;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** What waits for a server is here, so that its caller can leave it waiting. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "fetch-transfer");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration stallTimeout;
  private final long bytesMax;
  private final int redirectsMax;

  /**
   * Makes one.
   *
   * @param stallTimeout after so long without a byte it gives up
   * @param redirectsMax how many redirects of one URL are followed
   */
  Download(Duration stallTimeout, long bytesMax, int redirectsMax) {
    this.stallTimeout = stallTimeout;
    this.bytesMax = bytesMax;
    this.redirectsMax = redirectsMax;
  }

  /** What is done to a URL, on a thread that may be left alone with it. */
  private interface Transfer<T> {
    T run(AtomicReference<URLConnection> open) throws IOException;
  }

  /**
   * Returns the size that the server says, above zero; empty if it says none.
   *
   * @param abandoned says that nobody wants it any more
   * @throws FetchException if the server cannot be asked
   */
  OptionalLong size(FetchUrl from, BooleanSupplier abandoned) throws IOException {
    if (from.scheme().equals("ftp")) {
      return OptionalLong.empty();
    }
    return watched(
        from,
        abandoned,
        open -> {
          HttpURLConnection answer = answer(from, "HEAD", open);
          long bytes = answer.getContentLengthLong();
          return answer.getResponseCode() == OK && bytes > 0
              ? OptionalLong.of(bytes)
              : OptionalLong.empty();
        });
  }

  /**
   * Writes what a URL names to a file.
   *
   * @param abandoned says that nobody wants it any more
   * @throws FetchException if it cannot be had, is larger than {@code --max_fetch_size}, or no byte
   *     comes for {@code --fetcher_stall_timeout}
   */
  void to(Path file, FetchUrl from, BooleanSupplier abandoned) throws IOException {
    watched(
        from,
        abandoned,
        open -> {
          try (InputStream in = content(from, open);
              OutputStream out = Files.newOutputStream(file)) {
            copy(in, out);
          }
          return true;
        });
  }

  private InputStream content(FetchUrl from, AtomicReference<URLConnection> open)
      throws IOException {
    if (from.scheme().equals("ftp")) {
      URLConnection ftp = connection(from, open);
      InputStream in = ftp.getInputStream();
      if ("directory".equals(ftp.getHeaderField("access-type"))) {
        in.close();
        throw new FetchException("it is a directory");
      }
      return in;
    }
    HttpURLConnection answer = answer(from, "GET", open);
    if (answer.getResponseCode() != OK) {
      throw new FetchException("the server answered " + answer.getResponseCode());
    }
    return answer.getInputStream();
  }

  /** Returns the answer behind all redirects. */
  private HttpURLConnection answer(
      FetchUrl from, String method, AtomicReference<URLConnection> open) throws IOException {
    FetchUrl url = from;
    for (int redirects = 0; redirects <= redirectsMax; redirects++) {
      HttpURLConnection connection = (HttpURLConnection) connection(url, open);
      connection.setRequestMethod(method);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept", "*/*");
      if (url.basic().isPresent()) {
        connection.setRequestProperty("Authorization", url.basic().get());
      }
      String location = connection.getHeaderField("Location");
      if (!REDIRECTS.contains(connection.getResponseCode()) || location == null) {
        return connection;
      }
      connection.disconnect();
      url = next(from, url, location);
    }
    throw new FetchException(
        "it was redirected more than " + redirectsMax + " times (--max_fetch_redirects)");
  }

  private static FetchUrl next(FetchUrl first, FetchUrl url, String location)
      throws FetchException {
    if (location.regionMatches(true, 0, "file:", 0, "file:".length())) {
      throw new FetchException("it was redirected from http to file, which is not followed");
    }
    FetchUrl next = url.redirected(location);
    boolean safe =
        next.scheme().equals("https")
            || (next.scheme().equals("http") && url.scheme().equals("http"));
    if (!safe) {
      throw new FetchException(
          "it was redirected from "
              + url.scheme()
              + " to "
              + next.scheme()
              + ", which is not followed");
    }
    if (next.user().isEmpty() && next.sameServer(first)) {
      return next.withUser(first.user());
    }
    return next;
  }

  private URLConnection connection(FetchUrl url, AtomicReference<URLConnection> open)
      throws IOException {
    URLConnection connection = url.url().openConnection();
    int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, stallTimeout.toMillis()));
    connection.setConnectTimeout(millis);
    connection.setReadTimeout(millis);
    if (connection instanceof HttpsURLConnection https) {
      try {
        https.setSSLSocketFactory(SSLContext.getDefault().getSocketFactory());
      } catch (NoSuchAlgorithmException e) {
        throw new FetchException("this Java platform has no TLS", e);
      }
    }
    open.set(connection);
    return connection;
  }

  private <T> T watched(FetchUrl from, BooleanSupplier abandoned, Transfer<T> transfer)
      throws IOException {
    AtomicReference<URLConnection> open = new AtomicReference<>();
    Future<T> running = threads.submit(() -> transfer.run(open));
    while (true) {
      try {
        return running.get(WATCH_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (abandoned.getAsBoolean()) {
          running.cancel(true);
          if (open.get() instanceof HttpURLConnection http) {
            threads.execute(http::disconnect);
          }
          throw new FetchException("the task was given up", e);
        }
      } catch (ExecutionException e) {
        throw new FetchException(why(from, e.getCause()), e.getCause());
      } catch (InterruptedException e) {
        running.cancel(true);
        Thread.currentThread().interrupt();
        throw new FetchException("the agent stops", e);
      }
    }
  }

  /** Says what went wrong, as messages of the library may be absent, or the whole URL. */
  private String why(FetchUrl from, Throwable failure) {
    if (failure instanceof FetchException) {
      return failure.getMessage();
    }
    if (failure instanceof UnknownHostException unknown) {
      return "the host '" + host(from, unknown) + "' cannot be found";
    }
    if (failure instanceof SocketTimeoutException) {
      return "no byte came for " + stallTimeout.toSeconds() + " s";
    }
    String message = failure.getMessage();
    boolean silent = message == null || message.isBlank();
    if (failure instanceof java.net.SocketException || silent) {
      return "no connection to '"
          + from.address()
          + "' can be made, or it broke off"
          + (silent ? "" : ": " + message);
    }
    if (failure instanceof java.io.FileNotFoundException) {
      return "the server at '" + from.address() + "' has no such file";
    }
    return message;
  }

  private static String host(FetchUrl from, UnknownHostException unknown) {
    String told = unknown.getMessage();
    return told == null || told.isBlank() ? from.host() : told.split(":", 2)[0];
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long total = 0;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      total += read;
      if (total > bytesMax) {
        throw new FetchException("it is larger than " + bytesMax + " bytes (--max_fetch_size)");
      }
      out.write(buffer, 0, read);
    }
  }
}
