package io.quorate.driver.mesos.http;

import io.quorate.driver.search.LeaderSearch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/**
 * Requests that any master may answer, or send on to the leader. The one that answered last is
 * asked first, on the same connection; while none can answer, all are asked in turn. One thread at
 * a time.
 */
public final class AnyMaster {
  private static final Logger LOG = Logger.getLogger(AnyMaster.class.getName());
  private static final long PAUSE_MILLIS = 50;
  private static final int BODY_BYTES_MAX = 64 << 20;

  private final List<String> masters;
  private final Optional<SSLContext> tls;
  private final Optional<String> authorization;
  private final long nanosMax;
  private HttpConnection connection;
  private String asked = "";
  private int next;

  /** What a master answered at last. */
  public static final class Answer {
    private final int status;
    private final HttpResponseBody head;
    private final byte[] body;
    private final boolean repeated;

    Answer(HttpResponseBody head, byte[] body, boolean repeated) {
      this.status = head.status();
      this.head = head;
      this.body = body;
      this.repeated = repeated;
    }

    /** The status code; never 307 or 503. */
    public int status() {
      return status;
    }

    /** A header's value; an empty text without it. */
    public String header(String name) {
      return head.header(name);
    }

    /** The whole body. */
    public byte[] body() {
      return body;
    }

    /** Whether an attempt before it may have been done though its answer was not seen. */
    public boolean repeated() {
      return repeated;
    }
  }

  /**
   * Asks nobody yet.
   *
   * @param nanosMax for how long a request is tried
   */
  public AnyMaster(
      List<String> masters,
      Optional<SSLContext> tls,
      Optional<String> authorization,
      long nanosMax) {
    this.masters = masters;
    this.tls = tls;
    this.authorization = authorization;
    this.nanosMax = nanosMax;
  }

  /**
   * Asks until somebody answers.
   *
   * @throws IOException if nobody did in time
   */
  public Answer ask(String method, String path, HttpHeaders headers, byte[] body)
      throws IOException {
    authorization.ifPresent(value -> headers.set("Authorization", value));
    long end = System.nanoTime() + nanosMax;
    boolean inDoubt = false;
    String why = "";
    while (System.nanoTime() - end < 0) {
      boolean sent = false;
      try {
        connect();
        sent = true;
        HttpResponseBody head = connection.request(method, path, headers, body, until(end));
        byte[] whole = head.whole(BODY_BYTES_MAX);
        if (head.status() == 307 && !head.header("Location").isEmpty()) {
          // Nothing was done, and the leader is known.
          leave(LeaderSearch.target(head.header("Location")));
          continue;
        }
        if (head.status() != 503) {
          return new Answer(head, whole, inDoubt);
        }
        why = "503 " + new String(whole, java.nio.charset.StandardCharsets.UTF_8);
        inDoubt = true;
      } catch (IOException e) {
        why = asked + ": " + e.getMessage();
        inDoubt |= sent;
        LOG.log(Level.FINE, e, () -> asked + " did not answer");
      }
      leave("");
      pause();
    }
    throw new IOException("no master answered within its time; the last: " + why);
  }

  private void connect() throws IOException {
    if (connection == null) {
      if (asked.isEmpty()) {
        asked = masters.get(next++ % masters.size());
      }
      connection = HttpConnection.open(asked, tls);
    }
  }

  private void leave(String other) {
    if (connection != null) {
      connection.close();
    }
    connection = null;
    asked = other;
  }

  private static Patience until(long end) {
    return () -> {
      if (System.nanoTime() - end > 0) {
        throw new IOException("no answer in time");
      }
    };
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
