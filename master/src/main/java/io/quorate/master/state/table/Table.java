package io.quorate.master.state.table;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.pcollections.ConsPStack;
import org.pcollections.TreePMap;

/**
 * An immutable table, iterated in key order only. Every change yields a new table that shares
 * almost all structure with the old one (O(log n) time and memory).
 *
 * <p>A table remembers which keys were touched since it was last {@link #settled}: that is how the
 * rows which an entry changed are found and written, without any apply having to name them.
 *
 * @param <K> keys, ordered
 * @param <V> values, immutable
 */
public final class Table<K extends Comparable<K>, V> {
  private final TreePMap<K, V> rows;
  private final ConsPStack<K> touched;
  private final ConsPStack<K> moved;

  private Table(TreePMap<K, V> rows, ConsPStack<K> touched, ConsPStack<K> moved) {
    this.rows = rows;
    this.touched = touched;
    this.moved = moved;
  }

  /** No rows, nothing touched. */
  public static <K extends Comparable<K>, V> Table<K, V> empty() {
    return new Table<K, V>(TreePMap.<K, V>empty(), ConsPStack.<K>empty(), ConsPStack.<K>empty());
  }

  /** The value of a key. */
  public Optional<V> find(K key) {
    return Optional.ofNullable(rows.get(key));
  }

  /** The value of a key that must be there; its absence is a fault. */
  public V get(K key) {
    V value = rows.get(key);
    if (value == null) {
      throw new IllegalStateException("no row " + key);
    }
    return value;
  }

  /** Whether there is a row. */
  public boolean has(K key) {
    return rows.containsKey(key);
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** All values, in key order. */
  public Iterable<V> values() {
    return rows.values();
  }

  /** The values of the keys in {@code [from, to)}, in key order. */
  public Iterable<V> range(K from, K to) {
    return rows.subMap(from, to).values();
  }

  /** The keys in {@code [from, to)}, in order. */
  public Iterable<K> keys(K from, K to) {
    return rows.subMap(from, to).keySet();
  }

  /** How many keys are in {@code [from, to)}. */
  public int count(K from, K to) {
    return rows.subMap(from, to).size();
  }

  /** The first value at or after a key. */
  public Optional<V> ceiling(K key) {
    var entry = rows.ceilingEntry(key);
    return entry == null ? Optional.empty() : Optional.of(entry.getValue());
  }

  /** With this row, in place of an older one with its key. */
  public Table<K, V> with(K key, V value) {
    return new Table<>(rows.plus(key, value), touched.plus(key), moved);
  }

  /** Without this row; the same table if there is none. */
  public Table<K, V> without(K key) {
    return rows.containsKey(key) ? deleted(key) : this;
  }

  /** Without this row, whether or not it is here: it may be on disk only. */
  public Table<K, V> deleted(K key) {
    return new Table<>(rows.minus(key), touched.plus(key), moved);
  }

  /** With nothing here any more: the rows are on disk. */
  public Table<K, V> archived() {
    return rows.isEmpty() && touched.isEmpty() ? this : empty();
  }

  /**
   * With a change to the derived part of a value, which is not stored: the key does not count as
   * touched. It is the same table if there is no such row.
   */
  public Table<K, V> derived(K key, UnaryOperator<V> how) {
    V value = rows.get(key);
    return value == null
        ? this
        : new Table<>(rows.plus(key, how.apply(value)), touched, moved.plus(key));
  }

  /** The same rows, nothing touched. */
  public Table<K, V> settled() {
    return touched.isEmpty() && moved.isEmpty()
        ? this
        : new Table<>(rows, ConsPStack.empty(), ConsPStack.empty());
  }

  /** The keys touched since {@link #settled}, each once and in order, with what they hold now. */
  public SortedMap<K, Optional<V>> touched() {
    if (touched.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<K, Optional<V>> changes = new TreeMap<>();
    touched.forEach(key -> changes.put(key, find(key)));
    return changes;
  }

  /** The keys whose value changed since {@link #settled}, be it in a derived part only. */
  public void changed(Consumer<K> visitor) {
    touched.forEach(visitor);
    moved.forEach(visitor);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Table<?, ?> table && rows.equals(table.rows);
  }

  @Override
  public int hashCode() {
    return rows.hashCode();
  }

  @Override
  public String toString() {
    return rows.toString();
  }
}
