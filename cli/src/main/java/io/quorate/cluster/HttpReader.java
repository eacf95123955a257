package io.quorate.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.protocol.auth.BasicCredential;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Reads JSON from masters and agents. */
public final class HttpReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();

  private final Optional<String> authorization;

  /** Says nothing of who it is. */
  public HttpReader() {
    authorization = Optional.empty();
  }

  /** Logs in everywhere with this. */
  public HttpReader(BasicCredential credential) {
    authorization = Optional.of(credential.authorization());
  }

  /** The JSON at a path, if it answers with 200. */
  public Optional<JsonNode> get(String address, String path) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(TIMEOUT);
      authorization.ifPresent(value -> request.header("Authorization", value));
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 200
          ? Optional.of(JSON.readTree(response.body()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** How far a master is. */
  public Optional<ReplicaStatus> status(String master) {
    return get(master, "/quorate/status").map(ReplicaStatus::of);
  }

  /** Whether this master leads and takes calls: then it names itself. */
  public boolean serves(String master) {
    return get(master, "/master/state")
        .map(state -> state.path("leader").asText().endsWith("@" + master))
        .orElse(false);
  }
}
