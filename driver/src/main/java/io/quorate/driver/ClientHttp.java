package io.quorate.driver;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How one client speaks HTTP: with or without TLS, whom it trusts, as whom it logs in. It is set up
 * before the first request, and then read by any thread.
 */
final class ClientHttp {
  private static final String PROTOBUF = "application/x-protobuf";

  private final String scheme;
  private final HttpClient.Builder builder =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .followRedirects(HttpClient.Redirect.NEVER);
  private HttpClient client;
  private volatile Optional<String> authorization = Optional.empty();

  /** Trusts whom the JDK trusts, and does not log in. */
  ClientHttp(boolean tls) {
    this.scheme = tls ? "https" : "http";
  }

  /** Trusts, and is to servers, what the context says; the JDK's own by default. */
  void trust(SSLContext context) {
    builder.sslContext(context);
  }

  /** Sends this header with every call. */
  void authorize(String value) {
    authorization = Optional.of(value);
  }

  /** The client of the JDK, which is made when it is asked for first. */
  synchronized HttpClient client() {
    if (client == null) {
      client = builder.build();
    }
    return client;
  }

  /** A POST of a message in protobuf, whose answer is to be such a message too. */
  HttpRequest.Builder post(String address, String path, byte[] message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(scheme + "://" + address + path))
            .header("Content-Type", PROTOBUF)
            .header("Accept", PROTOBUF)
            .POST(HttpRequest.BodyPublishers.ofByteArray(message));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  /** A GET, without logging in. */
  HttpRequest.Builder get(String address, String path) {
    return HttpRequest.newBuilder(URI.create(scheme + "://" + address + path));
  }
}
