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
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;

/** Serves one agent's port (Mesos 1.1, 6.3). */
public final class AgentServer {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String PROCESS = "/slave(1)";

  private final Vertx vertx;
  private final AgentSettings settings;
  private final AgentCore core;
  private final ExecutorFace executors;
  private final FilesFace files;

  public AgentServer(Vertx vertx, AgentSettings settings, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.executors = new ExecutorFace(vertx, settings.executors(), core);
    this.files = new FilesFace(vertx, core.layout().sandboxes(), settings.files(), core::agentId);
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
      case "/files/read" -> files.read(request);
      case "/files/browse" -> files.browse(request);
      case "/files/download" -> files.download(request);
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
              request.response().setStatusCode(500);
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
}
