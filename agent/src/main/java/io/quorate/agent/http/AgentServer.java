package io.quorate.agent.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.agent.AgentCore;
import io.quorate.agent.flags.AgentSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Serves one agent's port (Mesos 1.1, 6.3). Files of sandboxes only; links that lead out are
 * refused.
 */
public final class AgentServer {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int READ_BYTES_MAX = 64 << 10;
  private static final String PROCESS = "/slave(1)";

  private final Vertx vertx;
  private final AgentSettings settings;
  private final AgentCore core;
  private final ExecutorFace executors;

  public AgentServer(Vertx vertx, AgentSettings settings, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.executors = new ExecutorFace(vertx, settings.executors(), core);
  }

  /** Binds the port. */
  public CompletionStage<HttpServer> start() {
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions().setHost(settings.ip()).setPort(settings.port()));
    server.requestHandler(this::route);
    return server.listen().toCompletionStage();
  }

  private void route(HttpServerRequest request) {
    String path = request.path();
    if (path.startsWith(PROCESS + "/")) {
      path = path.substring(PROCESS.length());
    }
    switch (path) {
      case "/health" -> request.response().setStatusCode(200).end();
      case "/version" -> json(request, () -> bytes("{\"version\":\"1.11.0\"}"));
      case "/state", "/state.json" -> json(request, this::state);
      case "/api/v1/executor" -> executors.handle(request);
      case "/files/read" -> json(request, () -> read(request));
      case "/files/browse" -> json(request, () -> browse(request));
      case "/files/download" ->
          blocking(request, "application/octet-stream", () -> Files.readAllBytes(resolve(request)));
      default -> {
        request.response().setStatusCode(404);
        request.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        var unused = request.response().end("404 Not Found.");
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void json(HttpServerRequest request, Callable<byte[]> body) {
    blocking(request, "application/json", body);
  }

  private void blocking(HttpServerRequest request, String type, Callable<byte[]> body) {
    vertx
        .executeBlocking(body, false)
        .onSuccess(
            content ->
                request.response().putHeader("Content-Type", type).end(Buffer.buffer(content)))
        .onFailure(
            failure -> {
              int status =
                  failure instanceof NoSuchFileException
                      ? 404
                      : failure instanceof IllegalArgumentException ? 400 : 500;
              request.response().setStatusCode(status);
              var unused = request.response().end(String.valueOf(failure.getMessage()));
            });
  }

  private byte[] state() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("version", "1.11.0");
      json.writeStringField("id", core.agentId());
      json.writeStringField("pid", "slave(1)@" + settings.ip() + ":" + settings.port());
      json.writeStringField("hostname", settings.hostname());
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Mesos's virtual paths, and the paths of sandboxes themselves (Mesos 4.8). */
  private Path resolve(HttpServerRequest request) throws IOException {
    String asked = request.getParam("path");
    if (asked == null || asked.isEmpty()) {
      throw new IllegalArgumentException("Expecting 'path=value' in query.");
    }
    Path sandboxes =
        core.layout().workDir().resolve("slaves").toRealPath(LinkOption.NOFOLLOW_LINKS);
    Path path =
        asked.startsWith("/frameworks/")
            ? sandboxes.resolve(core.agentId()).resolve(asked.substring(1))
            : Path.of(asked);
    Path real = path.toRealPath();
    if (!real.startsWith(sandboxes.toRealPath())) {
      throw new NoSuchFileException(asked);
    }
    return real;
  }

  private byte[] read(HttpServerRequest request) throws IOException {
    Path file = resolve(request);
    if (Files.isDirectory(file)) {
      throw new IllegalArgumentException("Cannot read from a directory.");
    }
    long offset = number(request, "offset", -1);
    long length = number(request, "length", READ_BYTES_MAX);
    String data = "";
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      if (offset < 0) {
        offset = in.size();
      } else {
        ByteBuffer buffer =
            ByteBuffer.allocate((int) Math.max(0, Math.min(length, READ_BYTES_MAX)));
        in.position(offset);
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {
          continue;
        }
        // Bytes as they are: a character of several bytes may be cut here.
        data = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        if (!"true".equals(request.getParam("raw"))) {
          data = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("data", data);
      json.writeNumberField("offset", offset);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static long number(HttpServerRequest request, String name, long otherwise) {
    String text = request.getParam(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Failed to parse " + name + ": '" + text + "'", e);
    }
  }

  private byte[] browse(HttpServerRequest request) throws IOException {
    Path folder = resolve(request);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out);
        Stream<Path> files = Files.list(folder)) {
      json.writeStartArray();
      List<Path> sorted = files.sorted().toList();
      for (Path file : sorted) {
        PosixFileAttributes attributes =
            Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        json.writeStartObject();
        json.writeStringField("path", file.toString());
        json.writeNumberField("size", attributes.size());
        json.writeNumberField("mtime", attributes.lastModifiedTime().toMillis() / 1000.0);
        json.writeStringField(
            "mode",
            (attributes.isDirectory() ? "d" : "-")
                + PosixFilePermissions.toString(attributes.permissions()));
        json.writeStringField("uid", attributes.owner().getName());
        json.writeStringField("gid", attributes.group().getName());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return out.toByteArray();
  }
}
