package io.quorate.master.http.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.master.event.Entry;
import io.quorate.master.http.server.Replies;
import io.quorate.protocol.json.ProtoJson;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/**
 * {@code GET /quorate/log?index=N&count=M}: entries of the log as JSON, each with the calls that it
 * holds, who made them and what they caused. So any event of a scheduler's stream, which names its
 * index, is traced to its cause.
 */
public final class LogView {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int COUNT_MAX = 100;

  private final Vertx vertx;
  private final LogBook book;

  public LogView(Vertx vertx, LogBook book) {
    this.vertx = vertx;
    this.book = book;
  }

  public void handle(HttpServerRequest request) {
    long index;
    long count;
    try {
      index = Long.parseLong(request.getParam("index", ""));
      count = Long.parseLong(request.getParam("count", "1"));
    } catch (NumberFormatException e) {
      Replies.text(request, 400, "'index', and 'count' if it is given, must be whole numbers");
      return;
    }
    if (index < 1 || count < 1 || count > COUNT_MAX) {
      Replies.text(
          request, 400, "'index' must be at least 1, and 'count' between 1 and " + COUNT_MAX);
      return;
    }
    vertx
        .executeBlocking(() -> book.entries(index, (int) count), false)
        .onSuccess(entries -> answer(request, index, entries))
        .onFailure(
            failure -> Replies.text(request, 500, "The journal cannot be read: see the log"));
  }

  private static byte[] json(TreeMap<Long, Entry> entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("entries");
      for (var entry : entries.entrySet()) {
        json.writeStartObject();
        json.writeNumberField("index", entry.getKey());
        json.writeFieldName("entry");
        json.writeRawValue(
            new String(ProtoJson.printBytes(entry.getValue()), StandardCharsets.UTF_8));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private void answer(HttpServerRequest request, long index, TreeMap<Long, Entry> entries) {
    if (entries.isEmpty()) {
      Replies.text(
          request,
          404,
          "No entry from index "
              + index
              + " on is in this member's journal, which begins at "
              + book.first().map(String::valueOf).orElse("nothing"));
      return;
    }
    var unused =
        Replies.start(request, 200)
            .putHeader("Content-Type", "application/json")
            .end(Buffer.buffer(json(entries)));
  }
}
