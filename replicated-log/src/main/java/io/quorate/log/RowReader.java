package io.quorate.log;

import java.util.function.BiConsumer;

/** Reads the rows that earlier entries wrote. */
public interface RowReader {

  /** Visits the rows of a table in ascending order of their keys, compared as unsigned bytes. */
  void forEach(String table, BiConsumer<byte[], byte[]> visitor);
}
