package io.quorate.chaos.simulate.world;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Time, chance and what is due: everything that happens, happens as an event of this queue. */
public final class World {
  public static final long MILLI = 1_000_000L;
  public static final long SECOND = 1_000_000_000L;

  /** When the simulated clocks begin; nanoseconds since the epoch. */
  public static final long EPOCH = 1_000_000 * SECOND;

  private record Due(long at, long sequence, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int order = Long.compare(at, other.at);
      return order != 0 ? order : Long.compare(sequence, other.sequence);
    }
  }

  private final SplittableRandom random;
  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final List<String> history = new ArrayList<>();
  private final boolean recording;
  private long now;
  private long sequence;
  private long steps;
  private long uuids;
  private long hash = 17;

  public World(long seed, boolean recording) {
    this.random = new SplittableRandom(seed);
    this.recording = recording;
  }

  /** Nanoseconds since the beginning. */
  public long now() {
    return now;
  }

  public long steps() {
    return steps;
  }

  /** Runs later; of two at one time the one asked for first. */
  public void after(long nanos, Runnable what) {
    queue.add(new Due(now + nanos, sequence++, what));
  }

  /** Runs everything up to a moment, and after each step what looks at the invariants. */
  public void runUntil(long end, Runnable afterEachStep) {
    while (!queue.isEmpty() && queue.peek().at <= end) {
      Due due = queue.poll();
      now = due.at;
      steps++;
      due.what.run();
      afterEachStep.run();
    }
    now = Math.max(now, end);
  }

  /** One line of the history; the same seed gives the same lines. */
  public void note(String line) {
    hash = hash * 31 + line.hashCode() + now;
    if (recording) {
      history.add(String.format("%9.3f s  %s", now / (double) SECOND, line));
    }
  }

  public List<String> history() {
    return history;
  }

  public long historyHash() {
    return hash;
  }

  // -- Chance -----------------------------------------------------------------------------------

  public int below(int bound) {
    return random.nextInt(bound);
  }

  public boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  /** Between two durations in nanoseconds. */
  public long between(long from, long to) {
    return from + random.nextLong(Math.max(1, to - from));
  }

  /** How long a message takes: mostly a millisecond, now and then much longer. */
  public long latency() {
    return oneIn(20) ? between(MILLI, 300 * MILLI) : between(100_000, 2 * MILLI);
  }

  /** The same chance, for code that asks for it in its own way. */
  public RandomGenerator chance() {
    return random;
  }

  public <T> T any(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  /** Unlike all others of this world. */
  public String uuid() {
    return String.format("00000000-0000-4000-8000-%012d", ++uuids);
  }
}
