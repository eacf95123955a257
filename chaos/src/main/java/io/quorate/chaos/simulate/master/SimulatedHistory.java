package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.raft.RaftEntry;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.Position;
import io.quorate.log.journal.JournalReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** One member's history: which of the committed entries it has, as the real journal would. */
final class SimulatedHistory implements JournalReader {
  private final LongFunction<RaftEntry> log;

  /** Older entries are forgotten, soon in some worlds, as age and size would have it. */
  private final long kept;

  private final List<Hole> holes = new ArrayList<>();
  private long first;
  private long last;

  SimulatedHistory(World world, LongFunction<RaftEntry> log) {
    this.log = log;
    this.kept = world.oneIn(4) ? 50 : Long.MAX_VALUE;
  }

  /** One that is here already, as in a replay, is skipped. */
  void append(long index) {
    if (index > last) {
      first = first == 0 ? index : first;
      last = index;
      first = Math.max(first, last - kept);
    }
  }

  /** A snapshot took the place of all entries up to this index. */
  void skipTo(long index) {
    if (last > 0 && index > last) {
      holes.add(new Hole(last + 1, index));
    }
    last = Math.max(last, index);
  }

  /** The disk is another one. */
  void clear() {
    holes.clear();
    first = 0;
    last = 0;
  }

  @Override
  public long firstIndex() {
    return first;
  }

  @Override
  public long lastIndex() {
    return last;
  }

  @Override
  public List<Hole> holes() {
    return List.copyOf(holes);
  }

  @Override
  public void forEach(long fromIndex, Predicate<Item> visitor) {
    for (long index = Math.max(first, fromIndex); index <= last; index++) {
      RaftEntry entry = log.apply(index);
      if (entry.payload() != null
          && !visitor.test(new Item(new Position(entry.term(), index), entry.payload()))) {
        return;
      }
    }
  }
}
