package io.quorate.master.http.face;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The streams of one face: who is told what, and which are forgotten. */
class EventStreamsTest {
  private static final int BUFFER_BYTES_MAX = 1_000;

  private final EventStreams<Event> streams = new EventStreams<>(BUFFER_BYTES_MAX);
  private final List<String> lost = new ArrayList<>();
  private final RecordedExchange<Event> first = new RecordedExchange<>();
  private final RecordedExchange<Event> second = new RecordedExchange<>();

  private EventStreams<Event>.Stream register(String id, RecordedExchange<Event> exchange) {
    return streams.register(
        id,
        exchange,
        new EventStream.Owner<>() {
          @Override
          public void sent(Event event) {
            // It has nothing to add.
          }

          @Override
          public void lost() {
            lost.add(id);
          }
        });
  }

  private void open(String id, RecordedExchange<Event> exchange) {
    register(id, exchange).open(() -> {}, UnaryOperator.identity());
  }

  private static Event eventOf(int bytes) {
    Event.Builder event = Event.newBuilder().setType(Event.Type.MESSAGE);
    event.getMessageBuilder().setData(ByteString.copyFrom(new byte[bytes]));
    event.getMessageBuilder().getAgentIdBuilder().setValue("S0");
    event.getMessageBuilder().getExecutorIdBuilder().setValue("e");
    return event.build();
  }

  @Test
  @DisplayName("an event reaches the stream that it is for, and an unknown one harms nobody")
  void shouldTellTheStreamThatIsMeant() {
    // given
    open("first", first);
    open("second", second);

    // when
    streams.send("second", eventOf(1));
    streams.send("nobody", eventOf(2));
    streams.end("nobody");

    // then
    assertThat(first.written).isEmpty();
    assertThat(second.written).containsExactly(eventOf(1));
    assertThat(streams.ids()).containsExactly("first", "second");
  }

  @Test
  @DisplayName("what is sent to a stream that is not open yet waits, and may be replaced")
  void shouldKeepWhatWaitsUntilTheOpening() {
    // given
    EventStreams<Event>.Stream stream = register("first", first);

    // when
    streams.send("first", eventOf(1));

    // then
    assertThat(first.written).isEmpty();
    assertThat(stream.waiting()).containsExactly(eventOf(1));

    // when
    stream.open(() -> {}, waiting -> List.of(eventOf(2), waiting.get(0)));

    // then
    assertThat(first.written).containsExactly(eventOf(2), eventOf(1));
  }

  @Test
  @DisplayName("a stream for which too much waits before it is open is cut off and forgotten")
  void shouldForgetWhoHasTooMuchWaiting() {
    // given
    register("first", first);
    open("second", second);

    // when
    for (int sent = 0; sent <= BUFFER_BYTES_MAX / 100; sent++) {
      streams.send("first", eventOf(100));
      streams.send("second", eventOf(0));
    }

    // then
    assertThat(first.ended).isEqualTo("cut");
    assertThat(first.written).isEmpty();
    assertThat(streams.ids()).containsExactly("second");
    assertThat(lost).containsExactly("first");
  }

  @Test
  @DisplayName("a stream that is answered in another way is dropped, and its events with it")
  void shouldForgetWhatIsDropped() {
    // given
    EventStreams<Event>.Stream stream = register("first", first);

    // when
    stream.drop();
    streams.send("first", eventOf(1));

    // then
    assertThat(stream.send(eventOf(2))).isFalse();
    assertThat(first.written).isEmpty();
    assertThat(streams.ids()).isEmpty();
  }

  @Test
  @DisplayName("the end of one stream does not end one that was registered under the same id later")
  void shouldNotForgetTheLaterStreamOfAnId() {
    // given
    open("first", first);
    open("first", second);

    // when the client of the earlier one leaves
    first.leave();
    streams.send("first", eventOf(1));

    // then
    assertThat(second.written).containsExactly(eventOf(1));
    assertThat(streams.ids()).containsExactly("first");
  }

  @Test
  @DisplayName("all streams end when this master leads no longer, and nothing is sent any more")
  void shouldEndAll() {
    // given
    open("first", first);
    open("second", second);

    // when
    streams.endAll();
    streams.send("first", eventOf(1));

    // then
    assertThat(List.of(first.ended, second.ended)).containsExactly("end", "end");
    assertThat(first.written).isEmpty();
    assertThat(streams.ids()).isEmpty();
  }
}
