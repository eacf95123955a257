package io.quorate.agent.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.agent.files.SandboxFiles;
import io.quorate.agent.flags.FilesSettings;
import io.quorate.protocol.http.Jsonp;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Serves {@code /files/browse}, {@code /files/read} and {@code /files/download} (Mesos 4.8, 6.3).
 * It is used on event loops; the disk is waited for on worker threads.
 */
final class FilesFace {
  private static final JsonFactory JSON = new JsonFactory();
  private static final double MILLIS = 1000;

  private final Vertx vertx;
  private final SandboxFiles files;
  private final Supplier<String> agentId;
  private final int downloadsMax;
  private final AtomicInteger downloads = new AtomicInteger();

  FilesFace(Vertx vertx, Path sandboxes, FilesSettings settings, Supplier<String> agentId) {
    this.vertx = vertx;
    this.files = new SandboxFiles(sandboxes, settings.entriesMax());
    this.agentId = agentId;
    this.downloadsMax = settings.downloadsMax();
  }

  /** Answers with a part of a file as JSON: data and offset. */
  void read(HttpServerRequest request) {
    json(request, () -> read(request, path(request)));
  }

  /** Answers with the entries of a folder as JSON. */
  void browse(HttpServerRequest request) {
    json(request, () -> browse(path(request)));
  }

  /** A whole file as it is, piece by piece. */
  void download(HttpServerRequest request) {
    if (downloads.incrementAndGet() > downloadsMax) {
      downloads.decrementAndGet();
      var unused =
          request
              .response()
              .setStatusCode(503)
              .putHeader("Retry-After", "1")
              .end("There are " + downloadsMax + " downloads already (--max_file_downloads).");
      return;
    }
    vertx
        .executeBlocking(
            () -> {
              String path = path(request);
              FileChannel file = files.open(agentId.get(), path);
              return new FileDownload(vertx, file, name(path), downloads::decrementAndGet);
            },
            false)
        .onSuccess(download -> download.to(request))
        .onFailure(
            failure -> {
              downloads.decrementAndGet();
              refuse(request, failure);
            });
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String path(HttpServerRequest request) {
    String asked = request.getParam("path");
    if (asked == null || asked.isEmpty()) {
      throw new IllegalArgumentException("Expecting 'path=value' in query.");
    }
    return asked;
  }

  private byte[] read(HttpServerRequest request, String path) throws IOException {
    SandboxFiles.Part part =
        files.read(
            agentId.get(),
            path,
            number(request, "offset", -1),
            number(request, "length", SandboxFiles.READ_BYTES_MAX));
    // With "raw", bytes as they are: a character of several bytes may be cut here.
    boolean raw = "true".equals(request.getParam("raw"));
    String data =
        new String(part.data(), raw ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    return written(
        json -> {
          json.writeStartObject();
          json.writeStringField("data", data);
          json.writeNumberField("offset", part.offset());
          json.writeEndObject();
        });
  }

  private static long number(HttpServerRequest request, String name, long otherwise) {
    String text = request.getParam(name);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Failed to parse " + name + ": '" + text + "'", e);
    }
  }

  private byte[] browse(String path) throws IOException {
    Iterable<SandboxFiles.Listed> all = files.browse(agentId.get(), path);
    return written(
        json -> {
          json.writeStartArray();
          for (SandboxFiles.Listed listed : all) {
            write(json, listed);
          }
          json.writeEndArray();
        });
  }

  private static void write(JsonGenerator json, SandboxFiles.Listed listed) throws IOException {
    json.writeStartObject();
    json.writeStringField("path", listed.path());
    json.writeNumberField("nlink", listed.entry().links());
    json.writeNumberField("size", listed.entry().bytes());
    json.writeNumberField("mtime", listed.entry().modified().toEpochMilli() / MILLIS);
    json.writeStringField("mode", listed.entry().kind() + listed.entry().permissions());
    json.writeStringField("uid", listed.entry().owner());
    json.writeStringField("gid", listed.entry().group());
    json.writeEndObject();
  }

  /** Writes JSON, which may fail. */
  private interface Content {
    void to(JsonGenerator json) throws IOException;
  }

  private static byte[] written(Content content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      content.to(json);
    }
    return out.toByteArray();
  }

  private void json(HttpServerRequest request, Callable<byte[]> body) {
    Consumer<byte[]> answer = content -> Jsonp.answer(request, content);
    vertx
        .executeBlocking(body, false)
        .onSuccess(answer::accept)
        .onFailure(failure -> refuse(request, failure));
  }

  private static void refuse(HttpServerRequest request, Throwable failure) {
    int status =
        failure instanceof NoSuchFileException
            ? 404
            : failure instanceof IllegalArgumentException ? 400 : 500;
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "text/plain; charset=utf-8")
        .putHeader("X-Content-Type-Options", "nosniff");
    var unused = request.response().end(String.valueOf(failure.getMessage()));
  }
}
