package io.quorate.chaos.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Writes the operations of one process to a Chronicle Queue of its own: microseconds a line, and
 * what is written survives {@code kill -9} of the process. Any thread.
 */
public final class Recorder implements AutoCloseable {
  /** Ids of one process, far from those of the next. */
  private static final long IDS = 1_000_000_000L;

  /** A longer value than any that a workload has. */
  private static final int BLOCK_BYTES = 1 << 20;

  private final String process;
  private final long origin;
  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private long lastId;

  /**
   * @param directory of the queue
   * @param process the name of a node
   * @param number of the process, unlike those of others; makes the ids of operations unique
   * @param origin what {@code System.nanoTime} was when the run began; the same on one machine
   */
  public Recorder(Path directory, String process, int number, long origin) {
    this.process = process;
    this.origin = origin;
    this.lastId = number * IDS;
    this.queue =
        SingleChronicleQueueBuilder.binary(directory.toFile()).blockSize(BLOCK_BYTES).build();
    this.appender = queue.createAppender();
    // Its methods are synchronized.
    appender.singleThreadedCheckDisabled(true);
  }

  /** Nanoseconds since the run began. */
  public long now() {
    return System.nanoTime() - origin;
  }

  /**
   * Something is asked for now.
   *
   * @return joins it with its completion
   */
  public synchronized long invoke(String f, String key, JsonNode value) {
    write(new Op(now(), process, Op.Type.INVOKE, f, key, value, ++lastId, ""));
    return lastId;
  }

  /** How it ended: ok, fail or info. */
  public synchronized void complete(
      long id, Op.Type type, String f, String key, JsonNode value, String error) {
    write(new Op(now(), process, type, f, key, value, id, error));
  }

  /** The process was told something. */
  public synchronized void event(String f, String key, JsonNode value) {
    write(new Op(now(), process, Op.Type.EVENT, f, key, value, 0, ""));
  }

  /** A line that is neither: what a nemesis does. */
  public synchronized void info(String f, JsonNode value) {
    write(new Op(now(), process, Op.Type.INFO, f, "", value, 0, ""));
  }

  private void write(Op op) {
    if (queue.isClosed()) {
      return;
    }
    try {
      appender.writeText(Json.MAPPER.writeValueAsString(op));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    queue.close();
  }
}
