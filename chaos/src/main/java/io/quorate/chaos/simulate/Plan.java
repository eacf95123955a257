package io.quorate.chaos.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to a world from outside, in order of time. Of a failing plan parts can be left out,
 * to see which of them matter.
 *
 * @param seed of everything else in the world
 */
record Plan(long seed, List<Deed> deeds) {
  /** How long the deeds go on. */
  static final long LENGTH = 60 * World.SECOND;

  private static final int DEEDS = 160;

  /** What can be done. */
  enum Kind {
    ACCEPT,
    OPERATE,
    DECLINE,
    KILL,
    RECONCILE,
    SUPPRESS,
    REVIVE,
    TEARDOWN,
    UPDATE_FRAMEWORK,
    NONSENSE,
    ANSWER_INVERSE,
    CUT_STREAM,
    ANOTHER_SCHEDULER,
    CRASH_MASTER,
    CUT_OFF_MASTER,
    ELECT,
    JUMP_CLOCK,
    CUT_LINK,
    PARTITION_AGENT,
    EXECUTOR_EXITS,
    OPERATOR
  }

  /** One deed. */
  record Deed(long at, Kind kind, int choice) {}

  /** Mostly calls, some faults. */
  static Plan of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kind> weighted = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int weight =
          switch (kind) {
            case ACCEPT -> 30;
            case OPERATE -> 8;
            case DECLINE, KILL -> 6;
            case REVIVE, CUT_STREAM, CUT_LINK, OPERATOR -> 3;
            case CRASH_MASTER, CUT_OFF_MASTER, ELECT, EXECUTOR_EXITS, NONSENSE -> 2;
            default -> 1;
          };
      for (int i = 0; i < weight; i++) {
        weighted.add(kind);
      }
    }
    List<Deed> deeds = new ArrayList<>();
    for (int i = 0; i < DEEDS; i++) {
      deeds.add(
          new Deed(
              random.nextLong(LENGTH),
              weighted.get(random.nextInt(weighted.size())),
              random.nextInt(1 << 20)));
    }
    deeds.sort(java.util.Comparator.comparingLong(Deed::at));
    return new Plan(seed, deeds);
  }
}
