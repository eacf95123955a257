package io.quorate.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.protocol.auth.BasicCredential;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks whichever master leads, found through any of them. */
public final class LeaderClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REDIRECTS_MAX = 5;

  /** A new member may have to fetch a snapshot before it counts. */
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  private final List<String> masters;
  private final Optional<BasicCredential> credential;

  /** With the credential for all masters, theirs and those that they name. */
  public LeaderClient(List<String> masters, Optional<BasicCredential> credential) {
    this.masters = List.copyOf(masters);
    this.credential = credential;
  }

  /**
   * Reads.
   *
   * @throws IOException if no master leads, or it refuses; says which and why
   */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(path, HttpRequest.BodyPublishers.noBody(), "GET");
  }

  /**
   * Orders, and returns when it is done.
   *
   * @throws IOException if no master leads, or it refuses; says which and why
   */
  public JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return send(path, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)), "POST");
  }

  private JsonNode send(String path, HttpRequest.BodyPublisher body, String method)
      throws IOException, InterruptedException {
    String why = "no master is named";
    for (String master : masters) {
      try {
        HttpResponse<byte[]> response = follow(master, path, body, method);
        if (response.statusCode() == 200) {
          return JSON.readTree(response.body());
        }
        why =
            response.uri().getAuthority()
                + " answered "
                + response.statusCode()
                + ": "
                + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
        if (response.statusCode() != 503) {
          throw new IOException(why);
        }
      } catch (ConnectException | java.net.http.HttpConnectTimeoutException e) {
        // Nothing was sent: the next one may know.
        why = master + " cannot be reached";
      }
    }
    throw new IOException(why);
  }

  private HttpResponse<byte[]> follow(
      String master, String path, HttpRequest.BodyPublisher body, String method)
      throws IOException, InterruptedException {
    URI target = URI.create("http://" + master + path);
    for (int i = 0; ; i++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(TIMEOUT);
      request.method(method, body);
      credential.ifPresent(known -> request.header("Authorization", known.authorization()));
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      Optional<String> location = response.headers().firstValue("Location");
      if (response.statusCode() != 307 || location.isEmpty() || i == REDIRECTS_MAX) {
        return response;
      }
      target = target.resolve(location.get());
    }
  }
}
