package io.quorate.agent.docker;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * Calls of the Engine API over the daemon's socket, in JSON. Each waits for its answer, but no
 * longer than its bound. Any thread may use it, but the agent's core.
 */
final class EngineClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FINE_MIN = 200;
  private static final int FINE_MAX = 399;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int ANSWER_BYTES_MAX = 32 << 20;
  private static final int WORDS_MAX = 1000;

  private final Path socket;
  private final Duration timeout;
  private final Duration stall;
  private final DockerHttpClient calls;
  private final DockerHttpClient streams;
  private final DockerHttpClient pulls;

  /**
   * Makes a client, which connects when it is first used.
   *
   * @param timeout after which a call without an answer is given up
   * @param stall after which a pull without a word is given up
   */
  EngineClient(Path socket, Duration timeout, Duration stall) {
    this.socket = socket;
    this.timeout = timeout;
    this.stall = stall;
    this.calls = client(socket, timeout, timeout);
    // A container may be silent for as long as it likes.
    this.streams = client(socket, timeout, Duration.ZERO);
    this.pulls = client(socket, timeout, stall);
  }

  private static DockerHttpClient client(Path socket, Duration connect, Duration response) {
    ZerodepDockerHttpClient.Builder builder =
        new ZerodepDockerHttpClient.Builder()
            .dockerHost(URI.create("unix://" + socket))
            .connectionTimeout(connect);
    return (response.isZero() ? builder : builder.responseTimeout(response)).build();
  }

  /** The daemon said no. */
  static final class Refusal extends IOException {
    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }

    /** What was named is not there. */
    boolean notFound() {
      return status == NOT_FOUND;
    }

    /** It is so already, or cannot be so as things are. */
    boolean conflict() {
      return status == CONFLICT;
    }
  }

  /** A part of a path or of a query. */
  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) throws IOException {
    return json(send(calls, request(Request.Method.GET, path)));
  }

  /** The answer's own bytes. */
  byte[] bytes(String path) throws IOException {
    return send(calls, request(Request.Method.GET, path));
  }

  JsonNode post(String path) throws IOException {
    return json(send(calls, request(Request.Method.POST, path)));
  }

  JsonNode post(String path, byte[] body) throws IOException {
    return json(
        send(
            calls,
            request(Request.Method.POST, path)
                .putHeader("Content-Type", "application/json")
                .bodyBytes(body)));
  }

  void delete(String path) throws IOException {
    send(calls, request(Request.Method.DELETE, path));
  }

  /** An answer without a bound, which its reader closes; {@link Refusal} if there is none. */
  DockerHttpClient.Response stream(String path) throws IOException {
    return open(streams, request(Request.Method.GET, path));
  }

  /** The same of a call with a body. */
  DockerHttpClient.Response stream(String path, byte[] body) throws IOException {
    return open(
        streams,
        request(Request.Method.POST, path)
            .putHeader("Content-Type", "application/json")
            .bodyBytes(body));
  }

  /** The progress of a pull, which its reader closes. */
  DockerHttpClient.Response pull(String path, Map<String, String> headers) throws IOException {
    return open(pulls, request(Request.Method.POST, path).putAllHeaders(headers));
  }

  private static Request.Builder request(Request.Method method, String path) {
    Request.Builder builder = Request.builder();
    return builder.method(method).path(path);
  }

  private byte[] send(DockerHttpClient client, Request.Builder request) throws IOException {
    return within(
        timeout,
        () -> {
          try (DockerHttpClient.Response response = take(client, request)) {
            return read(response);
          }
        });
  }

  private DockerHttpClient.Response open(DockerHttpClient client, Request.Builder request)
      throws IOException {
    return within(timeout, () -> take(client, request));
  }

  /** The next that a pull has to tell; a stall is an end. */
  <T> T awaited(BoundedCall.Work<T> next) throws IOException {
    return within(stall, next);
  }

  private <T> T within(Duration bound, BoundedCall.Work<T> work) throws IOException {
    try {
      return BoundedCall.run(bound, work);
    } catch (Refusal e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw failure(e);
    }
  }

  private static DockerHttpClient.Response take(DockerHttpClient client, Request.Builder request)
      throws IOException {
    DockerHttpClient.Response response = client.execute(request.build());
    int status = response.getStatusCode();
    if (status >= FINE_MIN && status <= FINE_MAX) {
      return response;
    }
    try (response) {
      throw new Refusal(status, words(read(response), status));
    }
  }

  private static byte[] read(DockerHttpClient.Response response) throws IOException {
    InputStream body = response.getBody();
    if (body == null) {
      return new byte[0];
    }
    byte[] bytes = body.readNBytes(ANSWER_BYTES_MAX + 1);
    if (bytes.length > ANSWER_BYTES_MAX) {
      throw new IOException("the Docker daemon's answer is larger than " + ANSWER_BYTES_MAX);
    }
    return bytes;
  }

  private static String words(byte[] body, int status) {
    try {
      String said = json(body).path("message").asText().strip();
      if (!said.isEmpty()) {
        return said.substring(0, Math.min(said.length(), WORDS_MAX));
      }
    } catch (IOException e) {
      // It says nothing that can be read.
      return "the Docker daemon answers with status " + status;
    }
    return "the Docker daemon answers with status " + status;
  }

  private static JsonNode json(byte[] body) throws IOException {
    try {
      JsonNode node = body.length == 0 ? null : JSON.readTree(body);
      return node == null ? JSON.createObjectNode() : node;
    } catch (JacksonException e) {
      throw new IOException("the Docker daemon's answer is no JSON", e);
    }
  }

  private IOException failure(Exception failure) {
    Throwable cause = failure;
    while (!(cause instanceof BoundedCall.Late)
        && cause.getCause() != null
        && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new IOException("the Docker daemon at " + socket + " does not answer: " + why, failure);
  }
}
