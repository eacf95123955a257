package io.quorate.chaos.simulate.raft;

import java.util.ArrayList;
import java.util.List;

/** Shapes of a network that is cut: which ways between members are closed. */
public final class Partitions {
  /** One direction between two members. */
  public record Way(int from, int to) {}

  /** How the members are kept apart. */
  public enum Shape {
    LEADER_ALONE,
    HALVES,
    /** Each sees a majority, no two the same; of three, each hears only one of the others. */
    RING,
    /** Two halves that only one member in the middle sees both of. */
    BRIDGE,
    /** One member hears and is not heard. */
    MUTE,
    /** One member is heard and does not hear. */
    DEAF
  }

  private Partitions() {}

  /**
   * What is closed.
   *
   * @param order of all members, the leader first, the others by chance
   */
  public static List<Way> closed(Shape shape, List<Integer> order) {
    int size = order.size();
    List<Way> closed = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        if (i != j && !open(shape, i, j, size)) {
          closed.add(new Way(order.get(i), order.get(j)));
        }
      }
    }
    return closed;
  }

  /** Between places in the order. */
  private static boolean open(Shape shape, int from, int to, int size) {
    return switch (shape) {
      case LEADER_ALONE -> from != 0 && to != 0;
      case HALVES -> (from < size / 2) == (to < size / 2);
      case RING -> (from + 1) % size == to || (size > 3 && (to + 1) % size == from);
      case BRIDGE -> from == 0 || to == 0 || (from <= size / 2) == (to <= size / 2);
      case MUTE -> from != 0;
      case DEAF -> to != 0;
    };
  }
}
