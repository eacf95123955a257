package io.quorate.log.journal;

import io.quorate.log.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Committed entries in a Chronicle Queue, each tagged with its term and index. Appended to by the
 * apply thread only; may be read by any thread, each with its own {@link #forEach}.
 *
 * <p>Appends survive the end of the process, not the loss of power: what is missing then is
 * appended again when the Raft log is replayed. Old files are deleted whole, by age and by size.
 */
public final class Journal implements JournalReader, AutoCloseable {
  private static final byte ENTRY = 1;
  private static final byte HOLE = 2;
  private static final String SUFFIX = ".cq4";

  /** Of so many records the place of one is remembered, to read from there. */
  private static final int PLACES_EVERY = 256;

  private final Path directory;
  private final Retention retention;
  private final ChronicleQueue queue;
  private final ExcerptAppender appender;
  private final List<Hole> holes = new CopyOnWriteArrayList<>();

  /** By index of an entry, where its record is. */
  private final ConcurrentSkipListMap<Long, Long> places = new ConcurrentSkipListMap<>();

  private final AtomicLong latestMillis = new AtomicLong();
  private long records;
  private volatile long firstIndex;
  private volatile long lastIndex;
  private int cycle = Integer.MIN_VALUE;

  /**
   * How much is kept. Whole files are deleted, so up to one file's worth more is.
   *
   * @param age files that were last written longer ago are deleted
   * @param bytes the oldest files over this are deleted
   * @param rollCycle how long one file is written
   */
  public record Retention(Duration age, long bytes, RollCycle rollCycle) {}

  /**
   * Opens the journal, and finds out where it ends.
   *
   * @throws IOException if the directory cannot be used
   */
  public Journal(Path directory, Retention retention) throws IOException {
    this(directory, retention, System::currentTimeMillis);
  }

  Journal(Path directory, Retention retention, LongSupplier clockMillis) throws IOException {
    this.directory = directory;
    this.retention = retention;
    Files.createDirectories(directory);
    this.queue =
        SingleChronicleQueueBuilder.binary(directory.toFile())
            .rollCycle(retention.rollCycle())
            .timeProvider(() -> forwards(clockMillis.getAsLong()))
            .build();
    if (queue.lastIndex() >= 0) {
      RollCycle cycles = retention.rollCycle();
      forwards((long) cycles.toCycle(queue.lastIndex()) * cycles.lengthInMillis());
    }
    this.appender = queue.createAppender();
    scan();
    sweep();
  }

  /**
   * The queue's time: as the clock says, but never back. A file is chosen by it, and one before the
   * last is closed: what a clock that was put back would write there fails, or comes out of order.
   */
  private long forwards(long millis) {
    return latestMillis.accumulateAndGet(millis, Math::max);
  }

  private void scan() {
    read(
        0,
        (place, kind, term, index, payload) -> {
          remember(index, place);
          if (kind == HOLE) {
            holes.add(new Hole(term, index));
          } else if (firstIndex == 0) {
            firstIndex = index;
          }
          lastIndex = index;
          return true;
        });
  }

  @Override
  public long firstIndex() {
    return firstIndex;
  }

  @Override
  public long lastIndex() {
    return lastIndex;
  }

  @Override
  public List<Hole> holes() {
    return List.copyOf(holes);
  }

  /** Appends an entry; one that is here already, as in a replay, is skipped. */
  public void append(Position position, byte[] payload) {
    if (position.index() <= lastIndex) {
      return;
    }
    write(ENTRY, position.term(), position.index(), payload);
    remember(position.index(), appender.lastIndexAppended());
    if (firstIndex == 0) {
      firstIndex = position.index();
    }
    lastIndex = position.index();
    if (appender.cycle() != cycle) {
      cycle = appender.cycle();
      sweep();
    }
  }

  /**
   * A snapshot took the place of all entries up to this index: those that are not here never come.
   */
  public void skipTo(long index) {
    if (lastIndex > 0 && index > lastIndex) {
      holes.add(new Hole(lastIndex + 1, index));
      write(HOLE, lastIndex + 1, index, new byte[0]);
    }
    lastIndex = Math.max(lastIndex, index);
  }

  private void remember(long index, long place) {
    if (records++ % PLACES_EVERY == 0) {
      places.put(index, place);
    }
  }

  private void write(byte kind, long first, long second, byte[] payload) {
    appender.writeBytes(
        out -> {
          out.writeByte(kind);
          out.writeLong(first);
          out.writeLong(second);
          out.writeInt(payload.length);
          out.write(payload);
        });
  }

  @Override
  public void forEach(long fromIndex, Predicate<Item> visitor) {
    read(
        fromIndex,
        (place, kind, term, index, payload) ->
            kind != ENTRY
                || index < fromIndex
                || visitor.test(new Item(new Position(term, index), payload)));
  }

  /** One record as it is stored. */
  private interface RecordVisitor {
    boolean visit(long place, byte kind, long first, long second, byte[] payload);
  }

  /** From the last remembered place before an index, which may be none: then from the start. */
  private void read(long fromIndex, RecordVisitor visitor) {
    try (ExcerptTailer tailer = queue.createTailer().toStart()) {
      Map.Entry<Long, Long> near = places.floorEntry(fromIndex);
      if (near != null && !tailer.moveToIndex(near.getValue())) {
        tailer.toStart();
      }
      boolean[] more = {true};
      while (more[0]
          && tailer.readBytes(in -> more[0] = visit(tailer.lastReadIndex(), in, visitor))) {
        continue;
      }
    }
  }

  private static boolean visit(
      long place, net.openhft.chronicle.bytes.BytesIn<?> in, RecordVisitor visitor) {
    byte kind = in.readByte();
    long first = in.readLong();
    long second = in.readLong();
    Bytes<byte[]> payload = Bytes.wrapForWrite(new byte[in.readInt()]);
    byte[] bytes = payload.underlyingObject();
    in.read(bytes);
    return visitor.visit(place, kind, first, second, bytes);
  }

  /** Deletes what is too old or too much; the file that is written now stays. */
  private void sweep() {
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
      long bytes = 0;
      for (int i = files.size() - 1; i >= 0; i--) {
        Path file = files.get(i);
        bytes += Files.size(file);
        Instant oldest = Instant.now().minus(retention.age());
        boolean tooOld = Files.getLastModifiedTime(file).toInstant().isBefore(oldest);
        if (i < files.size() - 1 && (tooOld || bytes > retention.bytes())) {
          Files.delete(file);
        }
      }
      queue.refreshDirectoryListing();
      long[] first = {0};
      forEach(
          0,
          item -> {
            first[0] = item.position().index();
            return false;
          });
      firstIndex = first[0];
      places.headMap(first[0]).clear();
      holes.removeIf(hole -> hole.to() < first[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    appender.close();
    queue.close();
  }
}
