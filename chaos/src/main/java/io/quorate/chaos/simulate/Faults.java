package io.quorate.chaos.simulate;

import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.master.SimulatedQuorum;
import io.quorate.chaos.simulate.raft.Partitions;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.chaos.simulate.world.World;
import java.util.ArrayList;
import java.util.List;

/** What befalls the masters and the network between them; each ends by itself. */
final class Faults {
  private static final int RESTARTS = 6;

  private final World world;
  private final SimulatedQuorum quorum;

  Faults(World world, SimulatedQuorum quorum) {
    this.world = world;
    this.quorum = quorum;
  }

  /** Whether the action was one of these. */
  boolean perform(ActionPlan.Action action) {
    int choice = action.choice();
    SimulatedMember member = quorum.members().get(choice % quorum.members().size());
    long length = (1 + choice / 8 % 8) * World.SECOND;
    switch (action.kind()) {
      case LOSE_APPEND -> loseAppend();
      case KILL_MASTER -> kill(member, length);
      case CUT_POWER -> {
        if (choice / 64 % 2 == 0) {
          losePower(member, length);
        } else {
          member.atNextWrite(() -> losePower(member, length));
        }
      }
      case CRASH_ALL -> crashAll(choice % 2 == 0, length);
      case PAUSE_MASTER -> pause(member, length);
      case RESTART_STORM -> restartStorm();
      case LEADER_STORM -> leaderStorm();
      case SLOW_DISK -> slowDisk(member, length);
      case LOSE_DISK -> quorum.loseDisk(member);
      case ELECT -> elect(member);
      case HAND_OVER -> handOver(member);
      case SNAPSHOT -> snapshot();
      case JUMP_CLOCK -> member.jumpClock((choice % 20 - 10) * World.SECOND);
      case PARTITION -> partition(choice, length);
      case BAD_NETWORK -> badNetwork(choice, length);
      case SWIZZLE -> swizzle();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void note(SimulatedMember member, String what) {
    world.note("member " + member.number() + " " + what);
  }

  // -- Processes and disks ----------------------------------------------------------------------

  private void kill(SimulatedMember member, long length) {
    note(member, "is killed");
    member.kill();
    world.after(length, member::start);
  }

  private void losePower(SimulatedMember member, long length) {
    note(member, "loses power");
    member.losePower();
    world.after(length, member::start);
  }

  private void crashAll(boolean power, long length) {
    for (SimulatedMember member : quorum.members()) {
      if (power) {
        losePower(member, world.between(0, length));
      } else {
        kill(member, world.between(0, length));
      }
    }
  }

  private void pause(SimulatedMember member, long length) {
    note(member, "is paused");
    member.pause();
    world.after(length, member::resume);
  }

  private void restartStorm() {
    for (int i = 1; i <= RESTARTS; i++) {
      SimulatedMember member = world.any(quorum.members());
      world.after(i * 500 * World.MILLI, () -> kill(member, 300 * World.MILLI));
    }
  }

  /** Whoever leads dies in the middle of a write, while messages get lost. */
  private void leaderStorm() {
    world.note("leaders die");
    quorum.network().trouble(3, 0);
    for (int i = 1; i <= RESTARTS; i++) {
      world.after(
          i * 700 * World.MILLI,
          () -> {
            SimulatedMember leader = quorum.leader();
            if (leader != null) {
              leader.atNextWrite(
                  () ->
                      world.after(
                          world.between(0, 3 * World.MILLI),
                          () -> kill(leader, world.between(0, 2 * World.SECOND))));
            }
          });
    }
    world.after(RESTARTS * World.SECOND, quorum.network()::calm);
  }

  private void slowDisk(SimulatedMember member, long length) {
    note(member, "has a slow disk");
    member.slowDisk(200);
    world.after(length, () -> member.slowDisk(1));
  }

  /** Only the next entry is gone: those after it are appended, and the leader keeps its term. */
  private void loseAppend() {
    SimulatedMember leader = quorum.leader();
    if (leader != null) {
      note(leader, "loses its next append");
      leader.loseNextAppend();
    }
  }

  // -- Elections and snapshots ------------------------------------------------------------------

  /** Its patience is over at once, whatever it hears. */
  private void elect(SimulatedMember member) {
    if (member.node() != null) {
      member.node().process().run(member.node().election()::stand);
    }
  }

  private void handOver(SimulatedMember to) {
    SimulatedMember leader = quorum.leader();
    if (leader != null && leader != to) {
      leader.node().process().run(() -> handOver(leader, to));
    }
  }

  private static void handOver(SimulatedMember leader, SimulatedMember to) {
    if (leader.lead() != null) {
      leader.lead().transfer(to.id());
    }
  }

  /** The leader forgets its log: who lags has to take the snapshot. */
  private void snapshot() {
    SimulatedMember leader = quorum.leader();
    if (leader != null) {
      note(leader, "forgets its log");
      leader.node().process().run(() -> leader.node().snapshot(0));
    }
  }

  // -- The network ------------------------------------------------------------------------------

  /** All members, the leader first. */
  private List<Integer> order() {
    List<Integer> order = shuffled(quorum.ids());
    SimulatedMember leader = quorum.leader();
    if (leader != null) {
      order.remove((Integer) leader.id());
      order.add(0, leader.id());
    }
    return order;
  }

  private List<Integer> shuffled(List<Integer> ids) {
    List<Integer> rest = new ArrayList<>(ids);
    List<Integer> shuffled = new ArrayList<>();
    while (!rest.isEmpty()) {
      shuffled.add(rest.remove(world.below(rest.size())));
    }
    return shuffled;
  }

  private void partition(int choice, long length) {
    Partitions.Shape[] shapes = Partitions.Shape.values();
    Partitions.Shape shape = shapes[choice % shapes.length];
    List<Integer> order = order();
    world.note("partition: " + shape + " of " + order);
    List<Partitions.Way> closed = Partitions.closed(shape, order);
    quorum.network().close(closed);
    world.after(length, () -> quorum.network().open(closed));
  }

  private void badNetwork(int choice, long length) {
    world.note("the network between the masters is bad");
    quorum.network().trouble(2 + choice % 10, choice % 3 * 200 * World.MILLI);
    world.after(length, quorum.network()::calm);
  }

  /** Some are cut off, one after the other, and come back in another order. */
  private void swizzle() {
    List<Integer> some = shuffled(quorum.ids());
    some = some.subList(0, 1 + world.below(some.size()));
    world.note("swizzle: " + some);
    for (int i = 0; i < some.size(); i++) {
      int id = some.get(i);
      world.after(i * 400 * World.MILLI, () -> quorum.network().cutOff(id));
    }
    List<Integer> back = shuffled(some);
    for (int i = 0; i < back.size(); i++) {
      int id = back.get(i);
      world.after((5 + i) * 500 * World.MILLI, () -> quorum.network().reconnect(id));
    }
  }
}
