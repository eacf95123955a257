package io.quorate.master.leader;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.log.StateMachine;
import io.quorate.master.apply.Apply;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.Record;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What runs on every replica: committed entries are applied to the committed state, and the rows
 * that they touched are written. Called on the log's apply thread only; {@link #committed} may be
 * read by any.
 */
public final class MasterMachine implements StateMachine {
  /** The only format so far. */
  static final int FORMAT_VERSION = 1;

  /** The highest feature level that this release reads, and the one that it writes. */
  static final int FEATURE_LEVEL = 1;

  private final Consumer<Commit> listener;
  private volatile MasterState committed = MasterState.EMPTY;

  /** Tells the listener of every entry after it was applied, on the apply thread. */
  public MasterMachine(Consumer<Commit> listener) {
    this.listener = listener;
  }

  /** One committed entry, call by call. */
  public record Commit(
      Position position, List<List<Step>> calls, MasterState after, Changes changes) {}

  /** One event and the states around it. */
  public record Step(MasterState before, Event event, MasterState after) {}

  /** The state after the last applied entry. */
  public MasterState committed() {
    return committed;
  }

  @Override
  public void restore(RowReader rows, long appliedIndex) {
    committed = Tables.read(rows);
  }

  @Override
  public void apply(Position position, byte[] payload, RowWriter rows) {
    Entry entry = parse(payload);
    MasterState state = committed.at(entry.getTimeNanos());
    List<List<Step>> calls = new ArrayList<>(entry.getRecordsCount());
    for (Record record : entry.getRecordsList()) {
      List<Step> steps = new ArrayList<>(record.getEventsCount());
      for (Event event : record.getEventsList()) {
        MasterState after = Apply.apply(state, event);
        steps.add(new Step(state, event, after));
        state = after;
      }
      calls.add(steps);
    }
    Tables.write(state, rows);
    Changes changes = Changes.of(state);
    committed = state.settled();
    listener.accept(new Commit(position, calls, committed, changes));
  }

  private static Entry parse(byte[] payload) {
    Entry entry;
    try {
      entry = Entry.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an entry cannot be read", e);
    }
    if (entry.getFormatVersion() != FORMAT_VERSION || entry.getFeatureLevel() > FEATURE_LEVEL) {
      throw new IllegalStateException(
          "an entry of format "
              + entry.getFormatVersion()
              + " and feature level "
              + entry.getFeatureLevel()
              + "; this release reads format "
              + FORMAT_VERSION
              + " up to level "
              + FEATURE_LEVEL);
    }
    return entry;
  }
}
