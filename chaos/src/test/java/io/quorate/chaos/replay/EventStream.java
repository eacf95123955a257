package io.quorate.chaos.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A scheduler's stream, read by a thread of its own; closing it breaks the connection. The listener
 * gets the stream's id and each event, on that thread.
 */
final class EventStream implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int RECORD_BYTES_MAX = 1 << 20;

  final String id;
  private final InputStream in;
  private final boolean protobuf;
  private final BiConsumer<String, JsonNode> listener;
  private final List<JsonNode> unseen = new ArrayList<>();
  private boolean ended;

  EventStream(String id, InputStream in, boolean protobuf, BiConsumer<String, JsonNode> listener) {
    this.id = id;
    this.in = in;
    this.protobuf = protobuf;
    this.listener = listener;
    Thread reader = new Thread(this::read, "replayed-stream");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    byte[] buffer = new byte[8192];
    try (in) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        decoder.feed(buffer, 0, count, this::event);
      }
    } catch (IOException e) {
      // A broken connection is an end, too; whoever awaits an event finds it missing.
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  private void event(byte[] bytes) {
    JsonNode event;
    try {
      event = JSON.readTree(protobuf ? ProtoJson.printBytes(Event.parseFrom(bytes)) : bytes);
    } catch (IOException e) {
      throw new IllegalStateException("an event that cannot be read", e);
    }
    // First, so that whoever gets the event finds that all was done that it calls for.
    listener.accept(id, event);
    synchronized (this) {
      unseen.add(event);
      notifyAll();
    }
  }

  /** The next event of this type, and about this task if one is named; each is given once. */
  synchronized Optional<JsonNode> next(String type, String task, long millisMax)
      throws InterruptedException {
    long deadline = System.nanoTime() + millisMax * 1_000_000;
    while (true) {
      for (JsonNode node : unseen) {
        if (node.path("type").asText().equals(type) && taskOf(node).equals(task)) {
          unseen.remove(node);
          return Optional.of(node);
        }
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || ended) {
        return Optional.empty();
      }
      wait(left);
    }
  }

  /** Whether the server ends the stream within this time, with nothing more to say. */
  synchronized boolean awaitEnd(long millisMax) throws InterruptedException {
    long deadline = System.nanoTime() + millisMax * 1_000_000;
    for (long left = millisMax; !ended && left > 0; ) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    return ended;
  }

  /** The task that an event is about, or an empty text. */
  static String taskOf(JsonNode event) {
    return event.at("/update/status/task_id/value").asText();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
