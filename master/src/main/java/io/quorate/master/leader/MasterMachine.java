package io.quorate.master.leader;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.log.StateMachine;
import io.quorate.master.apply.Apply;
import io.quorate.master.event.Call;
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
  /** There is one format so far. */
  static final int FORMAT_VERSION = 1;

  /** The highest feature level that this release reads, and the one that it writes. */
  static final int FEATURE_LEVEL = 1;

  private final Consumer<Commit> listener;
  private final Consumer<Position> skipped;
  private volatile MasterState committed = MasterState.EMPTY;

  /** Tells the listener of every entry after it was applied, on the apply thread. */
  public MasterMachine(Consumer<Commit> listener) {
    this(listener, position -> {});
  }

  /**
   * Tells who wants to know of every entry, on the apply thread.
   *
   * @param listener is told of an entry after it was applied
   * @param skipped is told of an entry that was not taken, because it does not follow
   */
  public MasterMachine(Consumer<Commit> listener, Consumer<Position> skipped) {
    this.listener = listener;
    this.skipped = skipped;
  }

  /**
   * One committed entry, call by call.
   *
   * @param asked the calls
   * @param calls what each of them caused
   */
  public record Commit(
      Position position,
      List<Call> asked,
      List<List<Step>> calls,
      MasterState after,
      Changes changes) {}

  /** A step is one event and the states around it. */
  public record Step(MasterState before, Event event, MasterState after) {}

  /** Returns the state after the last applied entry. */
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
    if (!follows(entry)) {
      skipped.accept(position);
      return;
    }
    MasterState state = committed.at(entry.getTimeNanos());
    List<Call> asked = new ArrayList<>(entry.getRecordsCount());
    List<List<Step>> calls = new ArrayList<>(entry.getRecordsCount());
    for (Record record : entry.getRecordsList()) {
      List<Step> steps = new ArrayList<>(record.getEventsCount());
      for (Event event : record.getEventsList()) {
        MasterState after = Apply.apply(state, event);
        steps.add(new Step(state, event, after));
        state = after;
      }
      asked.add(record.getCall());
      calls.add(steps);
    }
    Tables.write(state, rows);
    Changes changes = Changes.of(state);
    committed = state.settled();
    listener.accept(new Commit(position, asked, calls, committed, changes));
  }

  /**
   * Whether the entry was decided on the state that it meets. It was not where the append of an
   * entry before it failed after it had been decided: no replica takes it, and nothing of it was
   * told to anybody. An entry's time stands for the state that it leads to. Entries of builds
   * before 0.1 do not say what they were decided on, and are taken.
   */
  private boolean follows(Entry entry) {
    return !entry.hasDecidedOnNanos()
        || entry.getDecidedOnNanos() == committed.cluster().timeNanos();
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
