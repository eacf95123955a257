package io.quorate.chaos.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What is done to a world from outside, in order of time. Of a failing plan parts can be left out,
 * to see which of them matter.
 *
 * @param seed of everything else in the world
 * @param floor how much of the building there is
 */
record Plan(long seed, Floor floor, List<Deed> deeds) {
  /** How long the deeds go on. */
  static final long LENGTH = 60 * World.SECOND;

  private static final int DEEDS = 160;

  /** The log alone, many times faster; or the masters' core on it, with agents and frameworks. */
  enum Floor {
    LOG,
    MASTERS
  }

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
    OPERATOR,
    CUT_LINK,
    EXECUTOR_EXITS,
    // Faults, from here on.
    PARTITION_AGENT,
    KILL_AGENT,
    CUT_POWER_OF_AGENT,
    SLOW_DISK_OF_AGENT,
    KILL_MASTER,
    CUT_POWER,
    CRASH_ALL,
    PAUSE_MASTER,
    RESTART_STORM,
    LEADER_STORM,
    SLOW_DISK,
    LOSE_DISK,
    ELECT,
    HAND_OVER,
    SNAPSHOT,
    JUMP_CLOCK,
    PARTITION,
    BAD_NETWORK,
    SWIZZLE;

    /** Whether it can befall a quorum that has nothing but its log. */
    boolean ofLog() {
      return compareTo(KILL_MASTER) >= 0;
    }

    boolean fault() {
      return compareTo(PARTITION_AGENT) >= 0;
    }
  }

  /** One deed. */
  record Deed(long at, Kind kind, int choice) {}

  static Plan of(long seed) {
    return of(seed, Floor.MASTERS);
  }

  /** This plan with fewer deeds. */
  Plan with(List<Deed> fewer) {
    return new Plan(seed, floor, fewer);
  }

  /**
   * Mostly calls, some faults: of the kinds of faults each seed has a few, each of them now and
   * then or often, and some are full of them.
   */
  static Plan of(long seed, Floor floor) {
    SplittableRandom random = new SplittableRandom(seed);
    int storm = random.nextInt(4) == 0 ? 8 : 1;
    List<Kind> weighted = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      int weight =
          switch (kind) {
            case ACCEPT -> 30;
            case OPERATE -> 8;
            case DECLINE, KILL -> 6;
            case REVIVE, CUT_STREAM, CUT_LINK, OPERATOR -> 3;
            case EXECUTOR_EXITS, NONSENSE -> 2;
            default -> {
              boolean left = kind.fault() && random.nextInt(3) > 0;
              yield left ? 0 : (1 + random.nextInt(3)) * (kind.fault() ? storm : 1);
            }
          };
      for (int i = 0; i < weight && (floor == Floor.MASTERS || kind.ofLog()); i++) {
        weighted.add(kind);
      }
    }
    List<Deed> deeds = new ArrayList<>();
    for (int i = 0; i < DEEDS && !weighted.isEmpty(); i++) {
      deeds.add(
          new Deed(
              random.nextLong(LENGTH),
              weighted.get(random.nextInt(weighted.size())),
              random.nextInt(1 << 20)));
    }
    deeds.sort(java.util.Comparator.comparingLong(Deed::at));
    return new Plan(seed, floor, deeds);
  }
}
