package io.quorate.master.http.history;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.journal.JournalReader;
import io.quorate.master.effect.Missed;
import io.quorate.master.event.Entry;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The history beside the log, read back. Blocks: not for event loops. */
public final class LogBook {
  private final Supplier<Optional<JournalReader>> journal;

  /** On this member's journal, which may be off. */
  public LogBook(Supplier<Optional<JournalReader>> journal) {
    this.journal = journal;
  }

  /** The first index that can be read; empty where there is no history. */
  public Optional<Long> first() {
    return journal.get().map(JournalReader::firstIndex).filter(index -> index > 0);
  }

  /** Whether every entry in {@code (after, before)} is here. */
  private boolean reaches(JournalReader reader, long after, long before) {
    boolean holes =
        reader.holes().stream().anyMatch(hole -> hole.from() < before && hole.to() > after);
    return reader.firstIndex() > 0
        && reader.firstIndex() <= after + 1
        && reader.lastIndex() >= before - 1
        && !holes;
  }

  /**
   * What a framework missed in the entries after one up to another, which is that of its
   * subscription: other calls of the same entry may have caused what it is to be told, too.
   *
   * @param bytesMax of the events that it missed
   * @return empty if history does not reach that far, or there is more than that
   */
  public Optional<Missed> missed(FrameworkId framework, long after, long upTo, long bytesMax) {
    Optional<JournalReader> reader = journal.get();
    if (reader.isEmpty() || after > upTo || !reaches(reader.get(), after, upTo + 1)) {
      return Optional.empty();
    }
    Missed missed = new Missed(framework);
    Succession succession = new Succession();
    long[] bytes = {0};
    read(
        reader.get(),
        after + 1,
        (index, entry) -> {
          if (index > upTo || !succession.take(entry)) {
            return false;
          }
          int known = missed.events().size();
          missed.take(index, entry);
          List<Event> events = missed.events();
          for (Event event : events.subList(known, events.size())) {
            bytes[0] += event.getSerializedSize();
          }
          return bytes[0] <= bytesMax;
        });
    return succession.whole && bytes[0] <= bytesMax ? Optional.of(missed) : Optional.empty();
  }

  /**
   * Whether each entry was decided on the one before it. Where one was not, a replica skipped it or
   * another, and the journal alone does not say which of them was told.
   */
  private static final class Succession {
    private Entry last;
    private boolean whole = true;

    boolean take(Entry entry) {
      whole =
          last == null
              || !entry.hasDecidedOnNanos()
              || entry.getDecidedOnNanos() == last.getTimeNanos();
      last = entry;
      return whole;
    }
  }

  /** Entries from an index on, at most so many; those that are not here are left out. */
  public TreeMap<Long, Entry> entries(long from, int count) {
    TreeMap<Long, Entry> entries = new TreeMap<>();
    journal
        .get()
        .ifPresent(
            reader ->
                read(
                    reader,
                    from,
                    (index, entry) -> {
                      if (index < from + count) {
                        entries.put(index, entry);
                      }
                      return index < from + count;
                    }));
    return entries;
  }

  private static void read(JournalReader reader, long from, BiPredicate<Long, Entry> visitor) {
    reader.forEach(
        from,
        item -> {
          try {
            return visitor.test(item.position().index(), Entry.parseFrom(item.payload()));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an entry of the journal cannot be read", e);
          }
        });
  }
}
