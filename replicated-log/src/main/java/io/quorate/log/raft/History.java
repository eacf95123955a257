package io.quorate.log.raft;

import io.quorate.log.Position;
import io.quorate.log.journal.Journal;
import io.quorate.log.journal.JournalReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal beside the log. It is never the truth: whatever fails in it is told once, and the log
 * goes on without it. Apply thread only.
 */
final class History implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  /**
   * With less space the journal is off. It is written through a memory map, and on a full disk that
   * is an InternalError which the JVM may throw only later, in the middle of JRaft: the member
   * would lead on and apply nothing.
   */
  static final long FREE_BYTES_MIN = 64L << 20;

  /** How many bytes are left on a disk. */
  interface Free {
    long bytes() throws IOException;
  }

  private final EntryFiles entries;
  private final Free free;
  private volatile Journal journal;

  /**
   * @param entries the Raft log, from which the journal is rebuilt as far as it reaches
   */
  History(LogOptions options, EntryFiles entries) {
    this(options, entries, disk(options.directory()));
  }

  /** The disk that a directory is on; found once, since that reads the whole table of mounts. */
  private static Free disk(Path directory) {
    return new Free() {
      private FileStore found;

      @Override
      public long bytes() throws IOException {
        if (found == null) {
          found = Files.getFileStore(directory);
        }
        return found.getUsableSpace();
      }
    };
  }

  History(LogOptions options, EntryFiles entries, Free free) {
    this.entries = entries;
    this.free = free;
    try {
      needRoom(0);
      journal = new Journal(options.directory().resolve("journal"), options.journal());
    } catch (IOException | RuntimeException | InternalError e) {
      failed(e);
    }
  }

  private void needRoom(int bytes) throws IOException {
    if (free.bytes() < FREE_BYTES_MIN + bytes) {
      throw new IOException("the disk is full");
    }
  }

  /** The journal, unless it failed. Any thread. */
  Optional<JournalReader> reader() {
    return Optional.ofNullable(journal);
  }

  void append(Position position, byte[] payload) {
    if (journal != null) {
      try {
        write(position, payload);
      } catch (IOException | RuntimeException | InternalError e) {
        failed(e);
      }
    }
  }

  private void write(Position position, byte[] payload) throws IOException {
    needRoom(payload.length);
    journal.append(position, payload);
  }

  /**
   * A snapshot takes the place of the entries up to this one. What the Raft log still has of them
   * is journalled from there; the rest is a hole.
   */
  void skipTo(Position last) {
    if (journal != null) {
      try {
        if (entries.holds(last)) {
          rebuild(last.index());
        }
        journal.skipTo(last.index());
      } catch (RuntimeException | InternalError e) {
        failed(e);
      }
    }
  }

  /**
   * Where the Raft log holds the snapshot's last entry, in the same term, all before it is what was
   * committed (log matching, Raft paper 5.3); otherwise it may be a tail that never was.
   */
  private void rebuild(long to) {
    long first = entries.firstIndex();
    if (journal.lastIndex() > 0 && first > journal.lastIndex() + 1) {
      journal.skipTo(first - 1);
    }
    entries.forEach(
        journal.lastIndex() + 1,
        to,
        (position, data) ->
            LogMachine.payload(data).ifPresent(payload -> rewrite(position, payload)));
  }

  private void rewrite(Position position, byte[] payload) {
    try {
      write(position, payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void failed(Throwable e) {
    LOG.error(
        "The journal failed and is off until the next start; the log goes on. To rebuild it, stop"
            + " this member, delete its folder 'journal' and start it again",
        e);
    journal = null;
  }

  @Override
  public void close() {
    if (journal != null) {
      journal.close();
    }
  }
}
