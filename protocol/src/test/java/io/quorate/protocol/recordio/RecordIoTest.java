package io.quorate.protocol.recordio;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecordIoTest {
  private static final int LIMIT = 1000;

  private final List<String> records = new ArrayList<>();
  private final RecordIoDecoder decoder = new RecordIoDecoder(LIMIT);

  @Test
  @DisplayName("CP-040 a record is its decimal length, LF and exactly that many bytes")
  void shouldWriteLengthAndBytes() {
    byte[] framed = RecordIo.encode("{\"type\":\"HEARTBEAT\"}".getBytes(US_ASCII));

    assertThat(new String(framed, US_ASCII)).isEqualTo("20\n{\"type\":\"HEARTBEAT\"}");
  }

  @Test
  @DisplayName("CP-041 a stream read byte by byte gives every record")
  void shouldReadByteByByte() {
    for (byte octet : "3\nabc0\n12\n0\n3456789012".getBytes(US_ASCII)) {
      feed(new byte[] {octet});
    }

    assertThat(records).containsExactly("abc", "", "0\n3456789012");
    assertThat(decoder.atBorder()).isTrue();
  }

  @Test
  void shouldReadSeveralRecordsOfOneChunk() {
    feed("1\na1\nb1\nc2\nd");

    assertThat(records).containsExactly("a", "b", "c");
    assertThat(decoder.atBorder()).isFalse();
  }

  @Test
  void shouldReadWhatRemainsInABuffer() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(10);
    buffer.put("xx3\nabcyy".getBytes(US_ASCII)).flip().position(2).limit(7);

    decoder.feed(buffer, record -> records.add(new String(record, US_ASCII)));
    decoder.feed("..1\nz..".getBytes(US_ASCII), 2, 3, record -> records.add("z"));

    assertThat(records).containsExactly("abc", "z");
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Property
  @Label("CP-041 borders of chunks carry no meaning")
  void shouldNotCareForBorders(
      @ForAll @Size(max = 10) List<byte[]> sent, @ForAll @IntRange(min = 1, max = 50) int chunk) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    sent.forEach(record -> stream.writeBytes(RecordIo.encode(record)));
    List<byte[]> received = new ArrayList<>();
    RecordIoDecoder reader = new RecordIoDecoder(1 << 20);

    byte[] bytes = stream.toByteArray();
    for (int at = 0; at < bytes.length; at += chunk) {
      reader.feed(bytes, at, Math.min(chunk, bytes.length - at), received::add);
    }

    assertThat(received).usingElementComparator(Arrays::compare).isEqualTo(sent);
    assertThat(reader.atBorder()).isTrue();
  }

  @Test
  void shouldRefuseRecordsOverTheLimit() {
    feed("1000\n");
    RecordIoDecoder other = new RecordIoDecoder(LIMIT);

    assertThatThrownBy(() -> other.feed("1001".getBytes(US_ASCII), record -> {}))
        .isInstanceOf(RecordIoException.class)
        .hasMessage("a record of 1001 bytes or more is over the limit of 1000");
    assertThatThrownBy(
            () -> new RecordIoDecoder(LIMIT).feed("00000000001".getBytes(US_ASCII), r -> {}))
        .isInstanceOf(RecordIoException.class);
  }

  @Test
  void shouldRefuseLengthsThatAreNone() {
    for (String header : List.of("\n", "-1\n", "1 \n", "0x1\n", "{", "1\r\n", "\u00001\n")) {
      assertThatThrownBy(
              () -> new RecordIoDecoder(LIMIT).feed(header.getBytes(US_ASCII), record -> {}))
          .as(header)
          .isInstanceOf(RecordIoException.class)
          .hasMessageContaining("decimal digits and a line feed");
    }
  }

  @Test
  void shouldStayBroken() {
    assertThatThrownBy(() -> feed("1\nax")).isInstanceOf(RecordIoException.class);

    assertThatThrownBy(() -> feed("1\nb")).isInstanceOf(RecordIoException.class);
    assertThat(records).containsExactly("a");
  }

  @Test
  void shouldReadLongRecordsInPieces() {
    RecordIoDecoder large = new RecordIoDecoder(1 << 20);
    byte[] long100k = new byte[100_000];
    Arrays.fill(long100k, (byte) 7);
    List<byte[]> received = new ArrayList<>();

    byte[] framed = RecordIo.encode(long100k);
    for (int at = 0; at < framed.length; at += 999) {
      large.feed(framed, at, Math.min(999, framed.length - at), received::add);
    }

    assertThat(received).usingElementComparator(Arrays::compare).containsExactly(long100k);
  }

  private void feed(String text) {
    feed(text.getBytes(US_ASCII));
  }

  private void feed(byte[] bytes) {
    decoder.feed(bytes, record -> records.add(new String(record, US_ASCII)));
  }
}
