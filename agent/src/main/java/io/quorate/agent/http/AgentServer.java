package io.quorate.agent.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.agent.AgentCore;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.EdgeRequest;
import io.quorate.protocol.http.Endpoint;
import io.quorate.protocol.http.Endpoints;
import io.quorate.protocol.http.HttpEdge;
import io.quorate.protocol.http.Jsonp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one agent's port (Mesos 1.1, 6.3). Files of sandboxes only; links that lead out are
 * refused.
 */
public final class AgentServer {
  private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
  private static final JsonFactory JSON = new JsonFactory();
  private static final int READ_BYTES_MAX = 64 << 10;
  private static final String PROCESS = "/slave(1)";

  private final Vertx vertx;
  private final AgentSettings settings;
  private final AgentPort port;
  private final AgentCore core;
  private final ExecutorFace executors;
  private final AgentViews views;

  /**
   * A port that is not bound yet.
   *
   * @param port how it was set up
   */
  public AgentServer(Vertx vertx, AgentSettings settings, AgentPort port, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.port = port;
    this.core = core;
    this.executors = new ExecutorFace(vertx, settings.executors(), core);
    this.views = new AgentViews(settings, port, core);
  }

  /** Binds the port. */
  public CompletionStage<HttpServer> start() {
    HttpEdge edge =
        new HttpEdge(
            vertx,
            port.edge().bounds(),
            port.edge().sites(this::isMaster),
            new Endpoints(PROCESS, endpoints()));
    return edge.listen(settings.ip(), settings.port()).toCompletionStage();
  }

  /** Pages of the masters read agents (CP-012). */
  private boolean isMaster(String authority) {
    return settings.masters().contains(authority) || core.master().equals(Optional.of(authority));
  }

  private List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(Endpoint.view("/health", request -> Answers.empty(request, 200)));
    all.add(Endpoint.view("/version", request -> json(request, views::version)));
    all.add(Endpoint.call("/api/v1/executor", executors::handle));
    all.add(shown("/state", request -> json(request, views::state)));
    all.add(shown("/state.json", request -> json(request, views::state)));
    all.add(shown("/flags", request -> json(request, views::flags)));
    all.add(shown("/metrics/snapshot", request -> json(request, views::metrics)));
    all.add(shown("/containers", request -> json(request, () -> views.containers(true))));
    all.add(shown("/monitor/statistics", request -> json(request, () -> views.containers(false))));
    all.add(
        shown("/monitor/statistics.json", request -> json(request, () -> views.containers(false))));
    all.add(shown("/files/read", request -> json(request, () -> read(request))));
    all.add(shown("/files/browse", request -> json(request, () -> browse(request))));
    all.add(
        shown(
            "/files/download",
            request ->
                blocking(
                    request,
                    () -> Files.readAllBytes(resolve(request)),
                    content -> {
                      var unused =
                          Answers.start(request, 200)
                              .putHeader("Content-Type", "application/octet-stream")
                              .end(Buffer.buffer(content));
                    })));
    return all;
  }

  /** A view that only readers get. */
  private Endpoint shown(String path, Consumer<HttpServerRequest> handler) {
    return Endpoint.view(path, request -> enter(request, handler));
  }

  private void enter(HttpServerRequest request, Consumer<HttpServerRequest> then) {
    boolean known =
        !port.access().readonly()
            || port.access()
                .credentials()
                .flatMap(all -> all.principal(request.getHeader("Authorization")))
                .isPresent();
    if (known) {
      EdgeRequest.known(request);
      then.accept(request);
    } else {
      request.response().putHeader("WWW-Authenticate", "Basic realm=\"mesos-agent-readonly\"");
      Answers.text(request, 401, "A principal of this agent and its secret are needed");
    }
  }

  private void json(HttpServerRequest request, Callable<byte[]> body) {
    blocking(request, body, content -> Jsonp.answer(request, content));
  }

  private void blocking(HttpServerRequest request, Callable<byte[]> body, Consumer<byte[]> answer) {
    Context context = Vertx.currentContext();
    vertx
        .executeBlocking(body, false)
        .onSuccess(content -> Answers.later(context, request, () -> answer.accept(content)))
        .onFailure(failure -> Answers.later(context, request, () -> failed(request, failure)));
  }

  private static void failed(HttpServerRequest request, Throwable failure) {
    if (failure instanceof NoSuchFileException) {
      Answers.text(request, 404, String.valueOf(failure.getMessage()));
    } else if (failure instanceof IllegalArgumentException) {
      Answers.text(request, 400, String.valueOf(failure.getMessage()));
    } else {
      LOG.error("A view could not be made: {}", request.path(), failure);
      Answers.text(request, 500, "The view failed: see the agent's log");
    }
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
