package io.quorate.log;

/**
 * Takes the rows that one entry changes. They are written in one atomic batch together with the
 * applied index, and every call extends the state digest that members compare.
 */
public interface RowWriter {

  /** Writes a row. Tables are named when the log is opened; an unknown one is a fault. */
  void put(String table, byte[] key, byte[] value);

  /** Deletes a row; one that does not exist is no error. */
  void delete(String table, byte[] key);
}
