package io.quorate.master.state.table;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Turns the rows of one table into bytes and back.
 *
 * @param <K> the keys of the table
 * @param <V> its values
 */
public interface RowCodec<K, V> {

  /** The row that stores this value. */
  byte[] write(K key, V value);

  /**
   * Shows the key and the value that a row stores.
   *
   * @throws InvalidProtocolBufferException if the bytes are no such row
   */
  void read(byte[] row, BiConsumer<K, V> visitor) throws InvalidProtocolBufferException;

  /** The codec of a table whose rows are these messages. */
  static <K, V, R extends MessageLite> RowCodec<K, V> of(
      BiFunction<K, V, R> toRow, Parser<R> parser, Function<R, K> key, Function<R, V> value) {
    return new RowCodec<>() {
      @Override
      public byte[] write(K rowKey, V rowValue) {
        return toRow.apply(rowKey, rowValue).toByteArray();
      }

      @Override
      public void read(byte[] bytes, BiConsumer<K, V> visitor)
          throws InvalidProtocolBufferException {
        R row = parser.parseFrom(bytes);
        visitor.accept(key.apply(row), value.apply(row));
      }
    };
  }

  /** The codec of a table whose values know their key. */
  static <K, V, R extends MessageLite> RowCodec<K, V> ofValues(
      Function<V, R> toRow, Parser<R> parser, Function<R, V> value, Function<V, K> key) {
    return new RowCodec<>() {
      @Override
      public byte[] write(K rowKey, V rowValue) {
        return toRow.apply(rowValue).toByteArray();
      }

      @Override
      public void read(byte[] bytes, BiConsumer<K, V> visitor)
          throws InvalidProtocolBufferException {
        V read = value.apply(parser.parseFrom(bytes));
        visitor.accept(key.apply(read), read);
      }
    };
  }
}
