package io.quorate.chaos.simulate.world;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A disk as a process sees it: what was written is safe only once it was synced. A kill loses
 * nothing that was written; a loss of power loses of each file what was not synced, or only the end
 * of it, or all but a torn piece.
 */
public final class SimulatedDisk {
  private static final long SYNC_MIN = 200_000;
  private static final long SYNC_MAX = 2 * World.MILLI;

  /** What is written apart from the rest: order holds within a file only. */
  public enum File {
    VOTE,
    LOG,
    SNAPSHOT,
    JOURNAL
  }

  /** A write on its way. */
  public interface Write {
    /** It is on the disk now; of a torn one only a piece. */
    void lands(boolean torn);
  }

  private final World world;
  private final Map<File, ArrayDeque<Write>> written = new EnumMap<>(File.class);
  private int dirty;
  private boolean syncing;
  private final List<Runnable> waiting = new ArrayList<>();
  private long slowness = 1;
  private Runnable atNextWrite = () -> {};

  public SimulatedDisk(World world) {
    this.world = world;
    for (File file : File.values()) {
      written.put(file, new ArrayDeque<>());
    }
  }

  public void write(File file, Write write) {
    written.get(file).add(write);
    dirty++;
    Runnable what = atNextWrite;
    atNextWrite = () -> {};
    what.run();
  }

  /** To be done, for once, when something was written and is not safe yet. */
  public void atNextWrite(Runnable what) {
    atNextWrite = what;
  }

  /** How many times longer than usual a sync takes. */
  public void slow(long factor) {
    slowness = factor;
  }

  /** Runs once all that was written so far is safe; at once if it is. One process at a time. */
  public void whenSynced(SimulatedProcess process, Runnable safe) {
    if (dirty == 0) {
      safe.run();
      return;
    }
    waiting.add(safe);
    if (!syncing) {
      sync(process);
    }
  }

  /** Whoever waits by now waits for this one, who comes later for the next. */
  private void sync(SimulatedProcess process) {
    syncing = true;
    List<Runnable> covered = List.copyOf(waiting);
    waiting.clear();
    Map<File, Write> last = new EnumMap<>(File.class);
    written.forEach(
        (file, writes) -> {
          if (!writes.isEmpty()) {
            last.put(file, writes.peekLast());
          }
        });
    process.after(
        slowness * world.between(SYNC_MIN, SYNC_MAX),
        () -> {
          syncing = false;
          last.forEach(this::landUpTo);
          covered.forEach(process::run);
          if (!waiting.isEmpty() && !syncing) {
            sync(process);
          }
        });
  }

  private void landUpTo(File file, Write last) {
    Write landed;
    do {
      landed = written.get(file).poll();
      landed.lands(false);
      dirty--;
    } while (landed != last);
  }

  /** The process is gone, the system is not: it writes everything out. */
  public void killed() {
    written.values().forEach(writes -> writes.forEach(write -> write.lands(false)));
    clear();
  }

  public void losesPower() {
    for (ArrayDeque<Write> writes : written.values()) {
      int kept = world.below(writes.size() + 1);
      for (int i = 0; i < kept; i++) {
        writes.poll().lands(false);
      }
      if (!writes.isEmpty() && world.oneIn(2)) {
        writes.poll().lands(true);
      }
    }
    clear();
  }

  private void clear() {
    written.values().forEach(ArrayDeque::clear);
    dirty = 0;
    syncing = false;
    waiting.clear();
    atNextWrite = () -> {};
  }
}
