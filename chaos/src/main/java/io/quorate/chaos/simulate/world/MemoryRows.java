package io.quorate.chaos.simulate.world;

import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A member's rows, and a digest over all changes to them so far. */
public final class MemoryRows implements RowReader, RowWriter {
  private final Map<String, TreeMap<byte[], byte[]>> tables = new TreeMap<>();
  private long digest;

  public MemoryRows() {}

  private MemoryRows(MemoryRows from) {
    from.tables.forEach((name, rows) -> table(name).putAll(rows));
    this.digest = from.digest;
  }

  public MemoryRows copy() {
    return new MemoryRows(this);
  }

  public long digest() {
    return digest;
  }

  /** Whether every row is the same; a table without rows is none. */
  public boolean same(MemoryRows other) {
    return contents().equals(other.contents());
  }

  private Map<String, Map<ByteBuffer, ByteBuffer>> contents() {
    Map<String, Map<ByteBuffer, ByteBuffer>> contents = new TreeMap<>();
    tables.forEach(
        (name, rows) ->
            rows.forEach(
                (key, value) ->
                    contents
                        .computeIfAbsent(name, unused -> new TreeMap<>())
                        .put(ByteBuffer.wrap(key), ByteBuffer.wrap(value))));
    return contents;
  }

  private TreeMap<byte[], byte[]> table(String name) {
    return tables.computeIfAbsent(name, key -> new TreeMap<>(Arrays::compareUnsigned));
  }

  @Override
  public void put(String table, byte[] key, byte[] value) {
    table(table).put(key, value);
    digest = mix(mix(mix(digest, table.hashCode()), Arrays.hashCode(key)), Arrays.hashCode(value));
  }

  @Override
  public void delete(String table, byte[] key) {
    table(table).remove(key);
    digest = mix(mix(digest, -table.hashCode()), Arrays.hashCode(key));
  }

  /** As {@link #put}, but the digest does not show it; for a injected bug only. */
  public void putUnseen(String table, byte[] key, byte[] value) {
    table(table).put(key, value);
  }

  private static long mix(long hash, long more) {
    long mixed = (hash ^ more) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
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
