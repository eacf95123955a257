package io.quorate.master.http.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A stream of events between the masters' core and a connection. */
class EventStreamTest {
  private static final int BUFFER_BYTES_MAX = 1_000;

  private boolean readAtOnce;
  private final List<String> wire = new ArrayList<>();
  private final List<String> owner = new ArrayList<>();
  private final EventStream<Event> stream =
      new EventStream<>(BUFFER_BYTES_MAX, new Connection(), new Opener());

  private final class Connection implements EventStream.Wire<Event> {
    @Override
    public int write(Event event) {
      wire.add(name(event));
      if (readAtOnce) {
        stream.read(event.getSerializedSize());
      }
      return event.getSerializedSize();
    }

    @Override
    public void end() {
      wire.add("end");
    }

    @Override
    public void cut() {
      wire.add("cut");
    }
  }

  private final class Opener implements EventStream.Owner<Event> {
    @Override
    public void sent(Event event) {
      owner.add(name(event));
      if (name(event).equals("subscribed")) {
        stream.sendNext(event("heartbeat", 0));
      }
    }

    @Override
    public void lost() {
      owner.add("lost");
    }
  }

  @Test
  @DisplayName("what was sent before the stream is opened is written after the head, in order")
  void shouldWriteWhatWaited() {
    // given
    stream.send(event("subscribed", 0));
    stream.send(event("offers", 0));

    // when
    stream.open(() -> wire.add("head"), all -> all);
    stream.send(event("update", 0));

    // then
    assertThat(wire).containsExactly("head", "subscribed", "heartbeat", "offers", "update");
  }

  @Test
  @DisplayName("a reader that takes what is written at once never waits, whatever was sent")
  void shouldNotCountWhatWasReadWhileItWasWritten() {
    // given
    readAtOnce = true;
    stream.open(() -> wire.add("head"), all -> all);

    // when
    for (int sent = 0; sent < 100; sent++) {
      stream.send(event("offers", BUFFER_BYTES_MAX / 4));
    }

    // then
    assertThat(wire).hasSize(101).doesNotContain("cut");
  }

  @Test
  @DisplayName("a stream that is not opened is cut off when too much waits, and is told who it was")
  void shouldBoundWhatWaitsForTheOpening() {
    // given
    stream.send(event("subscribed", 0));

    // when
    boolean goesOn = true;
    int sent = 0;
    while (goesOn && sent < 100) {
      goesOn = stream.send(event("offers", 100));
      sent++;
    }

    // then
    assertThat(sent).isLessThan(10);
    assertThat(wire).containsExactly("cut");
    assertThat(owner).startsWith("subscribed").endsWith("lost");
    assertThat(stream.over()).isTrue();
  }

  @Test
  @DisplayName("a stream whose reader is too slow is cut off when too much waits")
  void shouldCutOffWhoDoesNotRead() {
    // given
    stream.open(() -> {}, all -> all);

    // when
    while (stream.send(event("offers", 100))) {
      assertThat(wire).hasSizeLessThan(20);
    }

    // then
    assertThat(wire).last().isEqualTo("cut");
    assertThat(owner).last().isEqualTo("lost");
  }

  @Test
  @DisplayName(
      "a long beginning is written as the reader takes it, and does not cut the stream off")
  void shouldWriteALongBeginningAsItIsRead() {
    // given
    List<Event> missed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      missed.add(event("missed " + i, 100));
    }

    // when
    stream.open(() -> {}, all -> missed);
    int writtenAtFirst = wire.size();
    while (wire.size() < 100) {
      stream.read(missed.get(0).getSerializedSize());
    }

    // then
    assertThat(writtenAtFirst).isLessThan(10);
    assertThat(wire).hasSize(100).last().isEqualTo("missed 99");
    assertThat(stream.over()).isFalse();
  }

  @Test
  @DisplayName("a stream ends after what was sent on it")
  void shouldEndAfterWhatWasSent() {
    // given
    stream.send(event("subscribed", 0));
    stream.end();

    // when
    stream.open(() -> {}, all -> all);

    // then
    assertThat(wire).containsExactly("subscribed", "heartbeat", "end");
    assertThat(owner).doesNotContain("lost");
    assertThat(stream.send(event("update", 0))).isFalse();
  }

  @Test
  @DisplayName("who left before the stream was opened is told of once it is known who it was")
  void shouldTellWhoLeftBeforeTheOpening() {
    // given
    stream.clientLeft();
    stream.send(event("subscribed", 0));

    // when
    stream.open(() -> wire.add("head"), all -> all);

    // then
    assertThat(wire).isEmpty();
    assertThat(owner).containsExactly("subscribed", "lost");
  }

  private static Event event(String name, int bytes) {
    Event.Builder event = Event.newBuilder().setType(Event.Type.MESSAGE);
    event
        .getMessageBuilder()
        .setData(ByteString.copyFrom(new byte[bytes]))
        .getAgentIdBuilder()
        .setValue(name);
    event.getMessageBuilder().getExecutorIdBuilder().setValue("e");
    return event.build();
  }

  private static String name(Event event) {
    return event.getMessage().getAgentId().getValue();
  }
}
