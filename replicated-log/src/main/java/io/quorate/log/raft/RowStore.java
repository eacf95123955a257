package io.quorate.log.raft;

import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The rows that entries wrote: a RocksDB column family per table, and one for what belongs to the
 * last applied entry, written in the same batch. Without a write-ahead log: the Raft log is that. A
 * store is therefore always rebuilt from a snapshot's files and the log behind it, never opened as
 * a crash left it.
 *
 * <p>Written by the apply thread only; read by any, but for the moment in which a snapshot takes
 * the place of all rows.
 */
final class RowStore implements RowReader, AutoCloseable {
  private static final String META = "quorate_applied";
  private static final byte[] APPLIED = "applied".getBytes(StandardCharsets.UTF_8);
  private static final int HASH_BYTES = 32;

  private final Path directory;
  private final List<String> tables;
  private final Map<String, ColumnFamilyHandle> families = new HashMap<>();
  private final DBOptions dbOptions;
  private final ColumnFamilyOptions familyOptions = new ColumnFamilyOptions();
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final ReentrantReadWriteLock files = new ReentrantReadWriteLock();
  private RocksDB db;
  private Applied applied = Applied.NONE;

  /**
   * What the store is the result of.
   *
   * @param chainHash the hash chain over all entries so far
   * @param stateDigest the hash chain over all row changes so far
   */
  record Applied(long index, byte[] chainHash, byte[] stateDigest) {
    static final Applied NONE = new Applied(0, new byte[HASH_BYTES], new byte[HASH_BYTES]);

    byte[] encode() {
      return ByteBuffer.allocate(Long.BYTES + 2 * HASH_BYTES)
          .putLong(index)
          .put(chainHash)
          .put(stateDigest)
          .array();
    }

    static Applied decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      byte[] chain = new byte[HASH_BYTES];
      byte[] digest = new byte[HASH_BYTES];
      long index = in.getLong();
      in.get(chain).get(digest);
      return new Applied(index, chain, digest);
    }
  }

  RowStore(Path directory, List<String> tables) {
    this.directory = directory;
    this.tables = tables;
    this.dbOptions =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true);
  }

  /** Begins with nothing. */
  void openEmpty() throws IOException, RocksDBException {
    files.writeLock().lock();
    try {
      close(db);
      delete(directory);
      open();
    } finally {
      files.writeLock().unlock();
    }
  }

  /** Begins with a snapshot's files, which stay as they are. */
  void openFrom(Path snapshot) throws IOException, RocksDBException {
    files.writeLock().lock();
    try {
      close(db);
      link(snapshot);
      open();
    } finally {
      files.writeLock().unlock();
    }
  }

  private void link(Path snapshot) throws IOException {
    delete(directory);
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(snapshot)) {
      for (Path file : files.toList()) {
        // Table files never change, so a second name is enough; the others are small.
        Path copy = directory.resolve(file.getFileName().toString());
        if (file.toString().endsWith(".sst")) {
          Files.createLink(copy, file);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private void open() throws IOException, RocksDBException {
    Files.createDirectories(directory);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    List<String> names = new ArrayList<>(tables);
    names.add(META);
    for (String name : names) {
      descriptors.add(
          new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.UTF_8), familyOptions));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    db = RocksDB.open(dbOptions, directory.toString(), descriptors, handles);
    families.clear();
    for (int i = 0; i < names.size(); i++) {
      families.put(names.get(i), handles.get(i + 1));
    }
    byte[] bytes = db.get(families.get(META), APPLIED);
    applied = bytes == null ? Applied.NONE : Applied.decode(bytes);
  }

  Applied applied() {
    return applied;
  }

  /** A batch for one entry. */
  Batch begin() {
    return new Batch();
  }

  /** Writes a snapshot into a directory that does not exist yet: a flush and hard links. */
  void checkpoint(Path target) throws RocksDBException {
    try (FlushOptions flush = new FlushOptions().setWaitForFlush(true);
        Checkpoint checkpoint = Checkpoint.create(db)) {
      db.flush(flush, new ArrayList<>(families.values()));
      checkpoint.createCheckpoint(target.toString());
    }
  }

  @Override
  public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {
    forEach(table, new byte[0], null, visitor);
  }

  @Override
  public void forEach(String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor) {
    files.readLock().lock();
    try (RocksIterator rows = iterator(table)) {
      for (rows.seek(from); rows.isValid(); rows.next()) {
        byte[] key = rows.key();
        if (to != null && Arrays.compareUnsigned(key, to) >= 0) {
          break;
        }
        visitor.accept(key, rows.value());
      }
      rows.status();
    } catch (RocksDBException e) {
      throw new IllegalStateException("table " + table + " cannot be read", e);
    } finally {
      files.readLock().unlock();
    }
  }

  private RocksIterator iterator(String table) {
    if (db == null) {
      throw new IllegalStateException("the rows are closed");
    }
    return db.newIterator(family(table));
  }

  private ColumnFamilyHandle family(String table) {
    ColumnFamilyHandle family = families.get(table);
    if (family == null) {
      throw new IllegalArgumentException("there is no table " + table);
    }
    return family;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The rows of one entry, written all or none. */
  final class Batch implements RowWriter, AutoCloseable {
    private final WriteBatch batch = new WriteBatch();
    private final MessageDigest digest = sha256();

    private Batch() {
      digest.update(applied.stateDigest());
    }

    @Override
    public void put(String table, byte[] key, byte[] value) {
      try {
        batch.put(family(table), key, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException("a row cannot be written", e);
      }
      digest((byte) 1, table, key, value);
    }

    @Override
    public void delete(String table, byte[] key) {
      try {
        batch.delete(family(table), key);
      } catch (RocksDBException e) {
        throw new IllegalStateException("a row cannot be deleted", e);
      }
      digest((byte) 2, table, key, new byte[0]);
    }

    private void digest(byte kind, String table, byte[] key, byte[] value) {
      byte[] name = table.getBytes(StandardCharsets.UTF_8);
      digest.update(kind);
      for (byte[] part : List.of(name, key, value)) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
      }
    }

    /** Writes the rows together with the index that they belong to. */
    void commit(long index, byte[] chainHash) throws RocksDBException {
      Applied next = new Applied(index, chainHash, digest.digest());
      batch.put(families.get(META), APPLIED, next.encode());
      db.write(writeOptions, batch);
      applied = next;
    }

    @Override
    public void close() {
      batch.close();
    }
  }

  private void close(RocksDB open) {
    if (open != null) {
      families.values().forEach(ColumnFamilyHandle::close);
      open.close();
      db = null;
    }
  }

  @Override
  public void close() {
    files.writeLock().lock();
    try {
      close(db);
    } finally {
      files.writeLock().unlock();
    }
  }

  static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
