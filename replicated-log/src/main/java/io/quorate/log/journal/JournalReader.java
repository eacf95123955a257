package io.quorate.log.journal;

import io.quorate.log.Position;
import java.util.List;
import java.util.function.Predicate;

/** Reads a journal while it is written. Any thread. */
public interface JournalReader {

  /** Entries that are not here, both ends included. */
  record Hole(long from, long to) {}

  /** One entry of the history. */
  record Item(Position position, byte[] payload) {}

  /** The first entry that is here; 0 for none. */
  long firstIndex();

  /** The last index that was journalled, or is known to be missing; 0 for none. */
  long lastIndex();

  /** Where entries are missing between the first and the last. */
  List<Hole> holes();

  /** Visits entries from an index on, in order, until the visitor has had enough. */
  void forEach(long fromIndex, Predicate<Item> visitor);
}
