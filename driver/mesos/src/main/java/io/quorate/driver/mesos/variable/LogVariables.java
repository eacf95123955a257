package io.quorate.driver.mesos.variable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An append-only log as variables: one for each position, under a name of 19 digits. Positions
 * begin with 1 and have no gaps, so that two writers meet at the same name, where only one of them
 * can store. A writer begins with a position of its own that holds no data: what an earlier writer
 * appends after that fails.
 *
 * <p>Other variables in the same place are not looked at. One thread at a time.
 */
public final class LogVariables {
  private static final byte NOTHING = 0;
  private static final byte DATA = 1;

  private final VariableStore store;

  /** A log in this place. */
  public LogVariables(VariableStore store) {
    this.store = store;
  }

  /** What is at a position. */
  public static final class Entry {
    private final long position;
    private final byte[] data;

    Entry(long position, byte[] data) {
      this.position = position;
      this.data = data;
    }

    /** Where it is. */
    public long position() {
      return position;
    }

    /** What was appended. */
    public byte[] data() {
      return data;
    }
  }

  private static String name(long position) {
    return String.format(Locale.ROOT, "%019d", position);
  }

  private TreeSet<Long> positions() throws IOException {
    TreeSet<Long> positions = new TreeSet<>();
    for (String name : store.names()) {
      if (name.matches("[0-9]{19}")) {
        positions.add(Long.parseLong(name));
      }
    }
    return positions;
  }

  /** The first position that was not truncated; 0 for an empty log. */
  public long beginning() throws IOException {
    TreeSet<Long> positions = positions();
    return positions.isEmpty() ? 0 : positions.first();
  }

  /** The last position; 0 for an empty log. */
  public long ending() throws IOException {
    TreeSet<Long> positions = positions();
    return positions.isEmpty() ? 0 : positions.last();
  }

  /**
   * What was appended at the positions from one to another, both included.
   *
   * @throws IOException also if a position is not there (any more)
   */
  public List<Entry> read(long from, long to) throws IOException {
    TreeSet<Long> positions = positions();
    if (from > to || positions.isEmpty() || from < positions.first() || to > positions.last()) {
      throw new IOException(
          "the log has no positions from "
              + from
              + " to "
              + to
              + (positions.isEmpty()
                  ? ""
                  : ", but " + positions.first() + " to " + positions.last()));
    }
    List<Entry> entries = new ArrayList<>();
    for (long position : positions.subSet(from, true, to, true)) {
      KeptVariable variable = store.fetch(name(position));
      byte[] value = variable.value();
      if (!variable.version().isPresent() || value.length == 0) {
        throw new IOException("the position " + position + " was truncated meanwhile");
      }
      if (value[0] == DATA) {
        byte[] data = new byte[value.length - 1];
        System.arraycopy(value, 1, data, 0, data.length);
        entries.add(new Entry(position, data));
      }
    }
    return entries;
  }

  /**
   * Takes the log over for a writer.
   *
   * @param attempts how often to try while others take it over, too
   * @return the writer's own position; empty if others were faster each time
   */
  public Optional<Long> takeOver(int attempts) throws IOException {
    for (int attempt = 0; attempt < attempts; attempt++) {
      long position = ending() + 1;
      if (put(position, new byte[] {NOTHING})) {
        return Optional.of(position);
      }
    }
    return Optional.empty();
  }

  /** Appends at a position; false if another writer has it. */
  public boolean append(long position, byte[] data) throws IOException {
    byte[] value = new byte[data.length + 1];
    value[0] = DATA;
    System.arraycopy(data, 0, value, 1, data.length);
    return put(position, value);
  }

  private boolean put(long position, byte[] value) throws IOException {
    return store.store(KeptVariable.absent(name(position)).with(value)).isPresent();
  }

  /** Removes what is before a position, oldest first. */
  public void truncate(long to) throws IOException {
    for (long position : positions().headSet(to, false)) {
      KeptVariable variable = store.fetch(name(position));
      if (variable.version().isPresent()) {
        store.expunge(variable);
      }
    }
  }
}
