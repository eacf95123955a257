package io.quorate.chaos.simulate.raft;

import io.quorate.chaos.simulate.world.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Between the members: messages take different times and so overtake each other, some are lost or
 * come twice, and links may be cut, each direction by itself.
 */
public final class RaftNetwork {
  private static final long SNAPSHOT_MAX = 500 * World.MILLI;
  private static final int ODDS_WHILE_CALM = 500;

  private final World world;
  private final Map<Integer, RaftNode> nodes = new HashMap<>();

  /** As often as they were closed; one that is closed twice has to be opened twice. */
  private final List<Partitions.Way> closed = new ArrayList<>();

  private final Set<Integer> cutOff = new HashSet<>();

  /** Of so many messages one is lost, and one comes twice. */
  private int oddsOfTrouble = ODDS_WHILE_CALM;

  private long delayMax;

  public RaftNetwork(World world) {
    this.world = world;
  }

  /** A member is there, in place of the process that bore its number before. */
  void join(RaftNode node) {
    nodes.put(node.id(), node);
  }

  void leave(RaftNode node) {
    nodes.remove(node.id(), node);
  }

  void send(int from, int to, RaftMessage message) {
    if (isCut(from, to) || world.oneIn(oddsOfTrouble)) {
      return;
    }
    deliver(from, to, message);
    if (world.oneIn(oddsOfTrouble)) {
      deliver(from, to, message);
    }
  }

  private boolean isCut(int from, int to) {
    return cutOff.contains(from)
        || cutOff.contains(to)
        || closed.contains(new Partitions.Way(from, to));
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
          if (node != null && !isCut(from, to)) {
            node.receive(from, message);
          }
        });
  }

  // -- Faults -----------------------------------------------------------------------------------

  public void close(List<Partitions.Way> ways) {
    closed.addAll(ways);
  }

  public void open(List<Partitions.Way> ways) {
    ways.forEach(closed::remove);
  }

  /** No word between this one and the others. */
  public void cutOff(int member) {
    cutOff.add(member);
  }

  public void reconnect(int member) {
    cutOff.remove(member);
  }

  /** One in so many messages is lost, another comes twice; each may be late by so much. */
  public void trouble(int odds, long delay) {
    oddsOfTrouble = odds;
    delayMax = delay;
  }

  public void calm() {
    trouble(ODDS_WHILE_CALM, 0);
  }

  public void healAll() {
    closed.clear();
    cutOff.clear();
    calm();
  }
}
