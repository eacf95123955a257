package io.quorate.master.state;

import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The rows of a state as a disk holds them, in memory. */
public final class StoredRows implements RowReader, RowWriter {
  private final Map<String, TreeMap<byte[], byte[]>> tables = new TreeMap<>();

  /** Writes what the state touched, and settles it. */
  public MasterState store(MasterState state) {
    Tables.write(state, this);
    return state.settled();
  }

  /** Reads the state back. */
  public MasterState restore() {
    return Tables.read(this);
  }

  /** The rows of one table. */
  public TreeMap<byte[], byte[]> table(String name) {
    return tables.computeIfAbsent(name, any -> new TreeMap<>(Arrays::compareUnsigned));
  }

  /**
   * Loses some of the rows that memory holds. Those of the history are left alone, and so is the
   * cluster's, which has the counters: a number that is used again is a fault of another kind.
   */
  public void damage(Random random) {
    Set<String> kept =
        Set.of(
            Tables.CLUSTER.name(),
            Tables.COMPLETED_FRAMEWORKS.name(),
            Tables.COMPLETED_TASKS.name());
    for (String name : Tables.NAMES) {
      if (!kept.contains(name)) {
        table(name).keySet().removeIf(key -> random.nextInt(6) == 0);
      }
    }
  }

  /** A digest of every row of every table, as hex digits. */
  public String digest() {
    MessageDigest digest = sha256();
    for (String name : Tables.NAMES) {
      table(name)
          .forEach(
              (key, row) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                for (byte[] part : new byte[][] {key, row}) {
                  digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
                  digest.update(part);
                }
              });
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void put(String table, byte[] key, byte[] value) {
    table(table).put(key, value);
  }

  @Override
  public void delete(String table, byte[] key) {
    if (!Tables.NAMES.contains(table)) {
      throw new IllegalArgumentException("there is no table " + table);
    }
    table(table).remove(key);
  }

  @Override
  public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {
    table(table).forEach(visitor);
  }

  @Override
  public void forEach(String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor) {
    table(table).subMap(from, to).forEach(visitor);
  }
}
