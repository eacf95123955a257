package io.quorate.log;

import java.util.function.BiConsumer;

/** Reads the rows that earlier entries wrote. */
public interface RowReader {

  /** Visits the rows of a table in ascending order of their keys, compared as unsigned bytes. */
  void forEach(String table, BiConsumer<byte[], byte[]> visitor);

  /**
   * Visits the rows of a table whose keys are in {@code [from, to)}, in the same order. Unlike
   * {@link #forEach} of a whole table, costs what it finds.
   */
  void forEach(String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor);
}
