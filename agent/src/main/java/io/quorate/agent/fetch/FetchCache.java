package io.quorate.agent.fetch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher's cache: what was fetched, once per user and URI, up to {@code --fetcher_cache_size};
 * what was not used for longest goes first (CP-333, CP-334). Entries are never refreshed. Any
 * thread may call it.
 */
final class FetchCache {
  private static final long WATCH_MILLIS = 50;
  private static final Logger LOG = LoggerFactory.getLogger(FetchCache.class);

  private final Path directory;
  private final long bytesMax;
  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private long made;

  /**
   * Empties the directory.
   *
   * @throws IOException if it cannot be had
   */
  FetchCache(Path directory, long bytesMax) throws IOException {
    this.directory = directory;
    this.bytesMax = bytesMax;
    Files.createDirectories(directory);
    // What one user fetched is not for another.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    try (Stream<Path> old = Files.list(directory)) {
      for (Path file : old.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  record Key(String user, String uri) {}

  /** Fills a file. */
  interface Filling {
    void fill(Path file) throws IOException;
  }

  /** A file that stays until it is closed. */
  final class Entry implements AutoCloseable {
    final Path file;
    private final long size;
    private final CompletableFuture<Boolean> filled = new CompletableFuture<>();
    private int users = 1;

    private Entry(Path file, long size) {
      this.file = file;
      this.size = size;
    }

    @Override
    public void close() {
      synchronized (FetchCache.this) {
        users--;
      }
    }
  }

  /**
   * The entry, if there is one; waits for the one who fills it.
   *
   * @param abandoned says that nobody wants it any more
   * @throws FetchException if that is so
   */
  Optional<Entry> find(Key key, BooleanSupplier abandoned) throws FetchException {
    Entry entry;
    synchronized (this) {
      entry = entries.get(key);
      if (entry == null) {
        return Optional.empty();
      }
      entry.users++;
    }
    return whole(entry, abandoned);
  }

  /**
   * The entry, filled by the first who asks; others wait for that, and if it fails the next one
   * tries. Empty if there is no room, or it could not be filled: then it is to be fetched without
   * the cache.
   *
   * @param abandoned says that nobody wants it any more
   * @throws FetchException if that is so while it waits for another
   */
  Optional<Entry> get(Key key, long size, Filling filling, BooleanSupplier abandoned)
      throws FetchException {
    while (true) {
      Entry entry;
      boolean mine = false;
      synchronized (this) {
        entry = entries.get(key);
        if (entry != null) {
          entry.users++;
        } else if (makeRoom(size)) {
          entry = new Entry(directory.resolve("c" + made++), size);
          entries.put(key, entry);
          bytes += size;
          mine = true;
        }
      }
      if (entry == null) {
        return Optional.empty();
      }
      if (mine) {
        fill(key, entry, filling);
      }
      Optional<Entry> whole = whole(entry, abandoned);
      if (whole.isPresent() || mine) {
        return whole;
      }
    }
  }

  private static Optional<Entry> whole(Entry entry, BooleanSupplier abandoned)
      throws FetchException {
    try {
      while (true) {
        try {
          if (entry.filled.get(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
            return Optional.of(entry);
          }
          entry.close();
          return Optional.empty();
        } catch (TimeoutException e) {
          if (abandoned.getAsBoolean()) {
            entry.close();
            throw new FetchException("the task was given up", e);
          }
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody fails an entry so", e);
    } catch (InterruptedException e) {
      entry.close();
      Thread.currentThread().interrupt();
      throw new FetchException("the agent stops", e);
    }
  }

  private void fill(Key key, Entry entry, Filling filling) {
    boolean whole;
    try {
      filling.fill(entry.file);
      whole = Files.size(entry.file) == entry.size;
    } catch (IOException e) {
      // Fetched again without the cache, which then says what is wrong.
      whole = false;
    }
    if (!whole) {
      synchronized (this) {
        entries.remove(key);
        bytes -= entry.size;
      }
      delete(entry.file);
    }
    entry.filled.complete(whole);
  }

  private boolean makeRoom(long size) {
    if (size > bytesMax) {
      return false;
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes + size > bytesMax && oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.users == 0) {
        oldest.remove();
        bytes -= entry.size;
        delete(entry.file);
      }
    }
    return bytes + size <= bytesMax;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The directory is emptied at the next start.
      LOG.warn("{} stays in the cache of the fetcher: {}", file, e.toString());
    }
  }
}
