package io.quorate.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.state.table.RowCodec;
import io.quorate.master.state.table.Table;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Everything that there is to say about one table: its name on disk, how keys and rows are stored,
 * and what is derived from its values. {@link Tables} holds one of these for each table; whatever
 * concerns all tables walks that list, so that no place can be forgotten.
 *
 * @param <K> the keys of the table
 * @param <V> its values
 */
final class TableSpec<K extends Comparable<K>, V> {
  private final String name;
  private final int place;
  private final Function<K, byte[]> keys;
  private final RowCodec<K, V> codec;
  private final Index<K, V> index;
  private final Archive archive;

  /** Keeps what is derived from a table in step with it. */
  interface Index<K, V> {
    /**
     * A value took the place of another one.
     *
     * @param before the value until now; null if there was none
     * @param after the value from now on; null if there is none
     */
    void changed(StateBuilder builder, K key, V before, V after);

    /** Nothing is derived. */
    static <K, V> Index<K, V> none() {
      return (builder, key, before, after) -> {};
    }
  }

  /** What memory keeps of a table whose rows are on disk only. */
  interface Archive {
    /** Notes that there is this row. */
    void restore(StateBuilder builder, byte[] key, byte[] row)
        throws InvalidProtocolBufferException;

    /** What two states must have in common for their tables to be the same. */
    Object summary(Indexes indexes);
  }

  /**
   * A table.
   *
   * @param name its name on disk
   * @param place where it is in the list of tables
   * @param archive what memory keeps of it; null if memory keeps all its rows
   */
  TableSpec(
      String name,
      int place,
      Function<K, byte[]> keys,
      RowCodec<K, V> codec,
      Index<K, V> index,
      Archive archive) {
    this.name = name;
    this.place = place;
    this.keys = keys;
    this.codec = codec;
    this.index = index;
    this.archive = archive;
  }

  String name() {
    return name;
  }

  int place() {
    return place;
  }

  Index<K, V> index() {
    return index;
  }

  /** The bytes of a key. */
  byte[] key(K key) {
    return keys.apply(key);
  }

  /** Once an entry was written nothing counts as touched; the rows of an archive leave memory. */
  Table<K, V> settled(Table<K, V> table) {
    return archive == null ? table.settled() : table.archived();
  }

  /** Whether two states have the same rows. */
  boolean same(MasterState one, MasterState other) {
    return archive == null
        ? one.table(this).equals(other.table(this))
        : archive.summary(one.indexes()).equals(archive.summary(other.indexes()));
  }

  /** A part of the hash of a state that costs little. */
  int hash(MasterState state) {
    return archive == null ? state.table(this).size() : 0;
  }

  /** Writes every row that was touched, each once, in the order of the keys. */
  void write(Table<K, V> table, RowWriter out) {
    for (Map.Entry<K, Optional<V>> row : table.touched().entrySet()) {
      byte[] key = key(row.getKey());
      if (row.getValue().isPresent()) {
        out.put(name, key, codec.write(row.getKey(), row.getValue().get()));
      } else {
        out.delete(name, key);
      }
    }
  }

  /** Puts back all rows, with what is derived from them. */
  void restore(RowReader in, StateBuilder builder) {
    in.forEach(
        name,
        (key, row) ->
            reading(
                () -> {
                  if (archive == null) {
                    codec.read(row, (rowKey, value) -> builder.put(this, rowKey, value));
                  } else {
                    archive.restore(builder, key, row);
                  }
                }));
  }

  /** Shows the values whose keys are in {@code [from, to)}. */
  void read(RowReader in, K from, K to, Consumer<V> visitor) {
    in.forEach(
        name,
        key(from),
        key(to),
        (key, row) -> reading(() -> codec.read(row, (rowKey, value) -> visitor.accept(value))));
  }

  /** Shows what a row stores. */
  void decode(byte[] row, BiConsumer<K, V> visitor) throws InvalidProtocolBufferException {
    codec.read(row, visitor);
  }

  private void reading(Reading reading) {
    try {
      reading.run();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a row of table " + name + " cannot be read", e);
    }
  }

  private interface Reading {
    void run() throws InvalidProtocolBufferException;
  }

  @Override
  public String toString() {
    return name;
  }
}
