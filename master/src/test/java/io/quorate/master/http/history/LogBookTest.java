package io.quorate.master.http.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import io.quorate.log.journal.JournalReader;
import io.quorate.master.effect.Missed;
import io.quorate.master.effect.Resumed;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.OfferRescinded;
import io.quorate.master.event.Record;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogBookTest {
  private static final long BACKLOG_BYTES_MAX = 4 << 20;
  private static final FrameworkId FRAMEWORK = new FrameworkId("f");
  private final Journal journal = new Journal();
  private final LogBook book = new LogBook(() -> Optional.of(journal));

  /** Entries from index 10 on; Raft's own entries in between are not journalled. */
  private static final class Journal implements JournalReader {
    private final List<Item> items = new ArrayList<>();
    private final List<Hole> holes = new ArrayList<>();

    void add(long index, Event.Builder... events) {
      add(index, items.isEmpty() ? index - 1 : lastIndex(), events);
    }

    /** An entry whose time is its index, as is that of the entry that it was decided on. */
    void add(long index, long decidedOn, Event.Builder... events) {
      Record.Builder record =
          Record.newBuilder()
              .setCall(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()));
      for (Event.Builder event : events) {
        record.addEvents(event);
      }
      Entry entry =
          Entry.newBuilder()
              .setFormatVersion(1)
              .setFeatureLevel(1)
              .setTimeNanos(index)
              .setDecidedOnNanos(decidedOn)
              .addRecords(record)
              .build();
      items.add(new Item(new Position(1, index), entry.toByteArray()));
    }

    @Override
    public long firstIndex() {
      return items.isEmpty() ? 0 : items.get(0).position().index();
    }

    @Override
    public long lastIndex() {
      return items.isEmpty() ? 0 : items.get(items.size() - 1).position().index();
    }

    @Override
    public List<Hole> holes() {
      return holes;
    }

    @Override
    public void forEach(long fromIndex, Predicate<Item> visitor) {
      for (Item item : items) {
        if (item.position().index() >= fromIndex && !visitor.test(item)) {
          return;
        }
      }
    }
  }

  private static Event.Builder update(String framework, String task) {
    return Event.newBuilder()
        .setTaskStatusUpdated(
            TaskStatusUpdated.newBuilder()
                .setFrameworkId(framework)
                .setStatus(
                    TaskStatus.newBuilder()
                        .setTaskId(TaskID.newBuilder().setValue(task))
                        .setState(TaskState.TASK_RUNNING))
                .setLatestState(TaskState.TASK_RUNNING));
  }

  private static Event.Builder rescinded(String offer) {
    return Event.newBuilder()
        .setOfferRescinded(
            OfferRescinded.newBuilder().setOfferId(offer).setFrameworkId(FRAMEWORK.value()));
  }

  private static Event.Builder extended(String offer) {
    return Event.newBuilder()
        .setOfferExtended(
            OfferExtended.newBuilder()
                .setOfferId(offer)
                .setFrameworkId(FRAMEWORK.value())
                .setAgentId("a")
                .setRole("*"));
  }

  @Test
  @DisplayName("What was missed: in order, with its index, and of this framework only")
  void shouldTellWhatWasMissed() {
    journal.add(10, update("f", "known"));
    journal.add(11, update("f", "one"), update("other", "two"));
    journal.add(14, update("f", "three"));
    journal.add(15, update("f", "new"));
    Missed missed = book.missed(FRAMEWORK, 10, 14, BACKLOG_BYTES_MAX).orElseThrow();
    assertThat(missed.events())
        .extracting(event -> event.getUpdate().getStatus().getTaskId().getValue())
        .containsExactly("one", "three");
    assertThat(missed.events()).extracting(event -> event.getLogIndex()).containsExactly(11L, 14L);
  }

  @Test
  @DisplayName("who missed more than the bound is not told event by event")
  void shouldBoundWhatIsTold() {
    // given
    journal.add(10);
    journal.add(11, update("f", "one"), update("f", "two"));

    // when
    long one = update("f", "one").build().getTaskStatusUpdated().getStatus().getSerializedSize();

    // then
    assertThat(book.missed(FRAMEWORK, 10, 11, one)).isEmpty();
    assertThat(book.missed(FRAMEWORK, 10, 11, 100 * one)).isPresent();
  }

  @Test
  @DisplayName("what a replica skipped is not told as missed")
  void shouldNotTellWhatWasSkipped() {
    // given
    journal.add(10, update("f", "known"));
    journal.add(13, 11, update("f", "skipped"));
    journal.add(14, 10, update("f", "taken"));

    // when
    var missed = book.missed(FRAMEWORK, 9, 14, BACKLOG_BYTES_MAX);

    // then
    assertThat(missed).isEmpty();
  }

  @Test
  @DisplayName("An offer that came and went meanwhile is not worth a word; one known before is")
  void shouldLeaveOutPassingOffers() {
    journal.add(10);
    journal.add(11, extended("passing"), extended("stays"));
    journal.add(12, rescinded("passing"), rescinded("known"));
    Missed missed = book.missed(FRAMEWORK, 10, 12, BACKLOG_BYTES_MAX).orElseThrow();
    assertThat(missed.events())
        .extracting(event -> event.getRescind().getOfferId().getValue())
        .containsExactly("known");
    assertThat(missed.extended("stays")).isTrue();
    assertThat(missed.extended("known")).isFalse();
  }

  @Test
  @DisplayName("History that does not reach, has a hole, or is off is told, never guessed")
  void shouldAdmitGaps() {
    assertThat(new LogBook(Optional::empty).missed(FRAMEWORK, 1, 2, BACKLOG_BYTES_MAX)).isEmpty();
    assertThat(book.missed(FRAMEWORK, 1, 2, BACKLOG_BYTES_MAX)).isEmpty();
    journal.add(10);
    journal.add(20);
    assertThat(book.missed(FRAMEWORK, 8, 20, BACKLOG_BYTES_MAX)).isEmpty();
    assertThat(book.missed(FRAMEWORK, 9, 20, BACKLOG_BYTES_MAX)).isPresent();
    assertThat(book.missed(FRAMEWORK, 9, 21, BACKLOG_BYTES_MAX)).isEmpty();
    assertThat(book.missed(FRAMEWORK, 25, 20, BACKLOG_BYTES_MAX)).isEmpty();
    journal.holes.add(new JournalReader.Hole(12, 14));
    assertThat(book.missed(FRAMEWORK, 9, 20, BACKLOG_BYTES_MAX)).isEmpty();
    assertThat(book.missed(FRAMEWORK, 14, 20, BACKLOG_BYTES_MAX)).isPresent();
  }

  @Test
  @DisplayName("What other calls of the subscription's own entry caused is missed, too")
  void shouldTellTheRestOfTheEntry() {
    journal.add(10);
    journal.add(11, update("f", "one"));
    journal.add(12, update("f", "beside"));
    Missed missed = book.missed(FRAMEWORK, 10, 12, BACKLOG_BYTES_MAX).orElseThrow();
    List<io.quorate.protocol.v1.scheduler.Event> waiting =
        List.of(
            told(io.quorate.protocol.v1.scheduler.Event.Type.SUBSCRIBED, 12),
            told(io.quorate.protocol.v1.scheduler.Event.Type.UPDATE, 12),
            told(io.quorate.protocol.v1.scheduler.Event.Type.UPDATE, 13));
    assertThat(Resumed.withMissed(waiting, missed, MasterState.EMPTY))
        .extracting(event -> event.getLogIndex())
        .as("SUBSCRIBED, what was missed, what is new")
        .containsExactly(0L, 11L, 12L, 13L);
  }

  private static io.quorate.protocol.v1.scheduler.Event told(
      io.quorate.protocol.v1.scheduler.Event.Type type, long index) {
    return io.quorate.protocol.v1.scheduler.Event.newBuilder()
        .setType(type)
        .setLogIndex(index)
        .build();
  }
}
