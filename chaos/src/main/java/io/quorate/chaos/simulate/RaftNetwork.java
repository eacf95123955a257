package io.quorate.chaos.simulate;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Between the members: messages take different times and so overtake each other, some are lost or
 * come twice, and links may be cut, each direction by itself.
 */
final class RaftNetwork {
  private static final long SNAPSHOT_MAX = 500 * World.MILLI;

  /** One direction between two members. */
  private record Way(int from, int to) {}

  private final World world;
  private final Map<Integer, RaftNode> nodes = new HashMap<>();
  private final Set<Way> cut = new HashSet<>();

  /** Of so many messages one is lost, and one comes twice. */
  private int oddsOfTrouble = 500;

  private long delayMax;

  RaftNetwork(World world) {
    this.world = world;
  }

  /** A member is there, in place of whatever bore its number before. */
  void join(RaftNode node) {
    nodes.put(node.id(), node);
  }

  void leave(RaftNode node) {
    nodes.remove(node.id(), node);
  }

  void send(int from, int to, RaftMessage message) {
    if (cut.contains(new Way(from, to)) || world.oneIn(oddsOfTrouble)) {
      return;
    }
    deliver(from, to, message);
    if (world.oneIn(oddsOfTrouble)) {
      deliver(from, to, message);
    }
  }

  private void deliver(int from, int to, RaftMessage message) {
    long latency = world.latency() + (delayMax == 0 ? 0 : world.between(0, delayMax));
    if (message instanceof RaftMessage.Install) {
      latency += world.between(World.MILLI, SNAPSHOT_MAX);
    }
    world.after(
        latency,
        () -> {
          RaftNode node = nodes.get(to);
          // What was on its way when the link was cut is lost with it.
          if (node != null && !cut.contains(new Way(from, to))) {
            node.receive(from, message);
          }
        });
  }

  // -- Faults -----------------------------------------------------------------------------------

  void cutOneWay(int from, int to) {
    cut.add(new Way(from, to));
  }

  void cutBothWays(int one, int other) {
    cutOneWay(one, other);
    cutOneWay(other, one);
  }

  /** No word between these and the others. */
  void cutOff(List<Integer> side, List<Integer> all) {
    for (int one : side) {
      for (int other : all) {
        if (!side.contains(other)) {
          cutBothWays(one, other);
        }
      }
    }
  }

  /** One in so many messages is lost, another comes twice; each may be late by so much. */
  void trouble(int odds, long delay) {
    oddsOfTrouble = odds;
    delayMax = delay;
  }

  void healAll() {
    cut.clear();
    trouble(500, 0);
  }

  void heal(int member) {
    cut.removeIf(way -> way.from == member || way.to == member);
  }
}
