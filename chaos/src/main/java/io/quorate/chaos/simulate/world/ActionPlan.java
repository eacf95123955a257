package io.quorate.chaos.simulate.world;

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
public record ActionPlan(long seed, Floor floor, List<Action> actions) {
  /** How long the actions go on. */
  public static final long LENGTH = 60 * World.SECOND;

  private static final int ACTIONS = 160;

  /** The log alone, many times faster; or the masters' core on it, with agents and frameworks. */
  public enum Floor {
    LOG,
    MASTERS
  }

  /** What can be done. */
  public enum Kind {
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
    LOSE_APPEND,
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

  /** One action. */
  public record Action(long at, Kind kind, int choice) {}

  public static ActionPlan of(long seed) {
    return of(seed, Floor.MASTERS);
  }

  /** This plan with fewer actions. */
  public ActionPlan with(List<Action> fewer) {
    return new ActionPlan(seed, floor, fewer);
  }

  /**
   * Mostly calls, some faults: of the kinds of faults each seed has a few, each of them now and
   * then or often, and some are full of them.
   */
  public static ActionPlan of(long seed, Floor floor) {
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
            // Not drawn, or every other plan would become another one.
            case LOSE_APPEND -> seed % 3 == 0 ? 4 : 0;
            default -> {
              boolean left = kind.fault() && random.nextInt(3) > 0;
              yield left ? 0 : (1 + random.nextInt(3)) * (kind.fault() ? storm : 1);
            }
          };
      for (int i = 0; i < weight && (floor == Floor.MASTERS || kind.ofLog()); i++) {
        weighted.add(kind);
      }
    }
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < ACTIONS && !weighted.isEmpty(); i++) {
      actions.add(
          new Action(
              random.nextLong(LENGTH),
              weighted.get(random.nextInt(weighted.size())),
              random.nextInt(1 << 20)));
    }
    actions.sort(java.util.Comparator.comparingLong(Action::at));
    return new ActionPlan(seed, floor, actions);
  }
}
