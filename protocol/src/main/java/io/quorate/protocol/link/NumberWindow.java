package io.quorate.protocol.link;

/**
 * Which numbers of calls were taken, so that none is taken twice. Calls of one link go by several
 * connections and may overtake each other, by less than the window; what is older is refused. One
 * thread at a time.
 */
public final class NumberWindow {
  private static final int SIZE = 256;

  private final long[] taken = new long[SIZE];
  private long highest;

  /** Takes a number, which counts from 1; false if it was taken before, or is too old. */
  public boolean take(long number) {
    int slot = (int) (number % SIZE);
    if (number < 1 || number <= highest - SIZE || taken[slot] == number) {
      return false;
    }
    taken[slot] = number;
    highest = Math.max(highest, number);
    return true;
  }
}
