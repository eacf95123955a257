package io.quorate.driver.mesos.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** How requests to a master or an agent look: their headers, and TLS or not. For any thread. */
public final class MasterCalls {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final int ANSWER_BYTES_MAX = 64 << 10;
  private static final int PROBE_NANOS = 2_000_000_000;

  private final String path;
  private final Optional<SSLContext> tls;
  private volatile Optional<String> authorization;

  /**
   * Requests to one path.
   *
   * @param authorization the header of that name, if there is to be one
   */
  public MasterCalls(String path, Optional<SSLContext> tls, Optional<String> authorization) {
    this.path = path;
    this.tls = tls;
    this.authorization = authorization;
  }

  /** The header that logs in by HTTP Basic. */
  public static String basic(String principal, byte[] secret) {
    byte[] name = (principal + ":").getBytes(StandardCharsets.UTF_8);
    byte[] both = java.util.Arrays.copyOf(name, name.length + secret.length);
    System.arraycopy(secret, 0, both, name.length, secret.length);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  /** Connects. */
  public HttpConnection open(String address) throws IOException {
    return HttpConnection.open(address, tls);
  }

  /** Sends a subscription and reads the head of the answer. */
  public HttpResponseBody subscribe(HttpConnection connection, byte[] call, Patience patience)
      throws IOException {
    return connection.post(path, headers().set("Accept", PROTOBUF), call, patience);
  }

  /** Sends any other call and reads all of its answer. */
  public CallAnswer send(HttpConnection connection, byte[] call, String streamId, long nanosMax)
      throws IOException {
    HttpHeaders headers = headers();
    if (!streamId.isEmpty()) {
      headers.set("Mesos-Stream-Id", streamId);
    }
    HttpResponseBody response = connection.post(path, headers, call, until(nanosMax));
    return new CallAnswer(response.status(), response.text(ANSWER_BYTES_MAX));
  }

  private HttpHeaders headers() {
    HttpHeaders headers = new HttpHeaders().set("Content-Type", PROTOBUF);
    authorization.ifPresent(value -> headers.set("Authorization", value));
    return headers;
  }

  /** Whom a master says that leads: the header Location, or an empty text if it does not know. */
  public String leader(String master) throws IOException {
    try (HttpConnection connection = open(master)) {
      HttpResponseBody answer = connection.get("/redirect", new HttpHeaders(), until(PROBE_NANOS));
      return answer.status() == 307 ? answer.header("Location") : "";
    }
  }

  private static Patience until(long nanosMax) {
    long end = System.nanoTime() + nanosMax;
    return () -> {
      if (System.nanoTime() - end > 0) {
        throw new IOException("no answer in time");
      }
    };
  }
}
