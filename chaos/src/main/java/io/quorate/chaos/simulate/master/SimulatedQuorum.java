package io.quorate.chaos.simulate.master;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.raft.RaftInvariants;
import io.quorate.chaos.simulate.raft.RaftNetwork;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.event.Entry;
import io.quorate.master.leader.LoopSettings;
import java.util.ArrayList;
import java.util.List;

/** The members, the network between them, and the operator who replaces one whose disk is lost. */
public final class SimulatedQuorum {
  private final World world;
  private final ActionPlan.Floor floor;
  private final InjectedBug injectedBug;
  private final RaftInvariants log;
  private final RaftNetwork network;
  private final List<SimulatedMember> members = new ArrayList<>();
  private int nextId;
  private boolean replacing;

  public SimulatedQuorum(
      World world,
      ActionPlan.Floor floor,
      int size,
      LoopSettings settings,
      InjectedBug injectedBug,
      Invariants invariants) {
    this.world = world;
    this.floor = floor;
    this.injectedBug = injectedBug;
    this.log =
        new RaftInvariants(
            invariants,
            (position, payload) -> {
              if (floor == ActionPlan.Floor.MASTERS) {
                invariants.committed(position, parse(payload));
              }
            });
    this.network = new RaftNetwork(world);
    List<Integer> ids = new ArrayList<>();
    for (nextId = 0; nextId < size; nextId++) {
      ids.add(nextId);
    }
    for (int id : ids) {
      members.add(new SimulatedMember(world, id, this, settings, invariants));
    }
    members.forEach(member -> member.join(member.number(), ids));
  }

  public List<SimulatedMember> members() {
    return members;
  }

  ActionPlan.Floor floor() {
    return floor;
  }

  public InjectedBug injectedBug() {
    return injectedBug;
  }

  public RaftInvariants log() {
    return log;
  }

  public RaftNetwork network() {
    return network;
  }

  /** Who leads in the highest term, as far as it knows itself; null if nobody does. */
  public SimulatedMember leader() {
    SimulatedMember leader = null;
    for (SimulatedMember member : members) {
      if (member.lead() != null && (leader == null || member.term() > leader.term())) {
        leader = member;
      }
    }
    return leader;
  }

  /** The ids of those that are members now. */
  public List<Integer> ids() {
    return members.stream().map(SimulatedMember::id).toList();
  }

  static Entry parse(byte[] payload) {
    try {
      return Entry.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  // -- A lost disk ------------------------------------------------------------------------------

  /**
   * A member without its disk never comes back: it is removed, and one with an empty disk is added.
   * One at a time, and only while the others have theirs.
   */
  public void loseDisk(SimulatedMember member) {
    if (!replacing) {
      replacing = true;
      world.note("member " + member.number() + " loses its disk");
      int lost = member.id();
      member.loseDisk();
      if (injectedBug.has(BugSwitch.LOST_DISK_COMES_BACK)) {
        replacing = false;
        member.join(lost, ids());
        return;
      }
      world.after(World.SECOND, () -> replace(member, lost));
    }
  }

  private void replace(SimulatedMember member, int lost) {
    SimulatedMember leader = leader();
    if (leader != null && leader.lead().settled()) {
      List<Integer> now = leader.node().members();
      if (member.id() != lost && now.contains(member.id())) {
        replacing = false;
        return;
      }
      List<Integer> next = new ArrayList<>(now);
      if (now.contains(lost)) {
        next.remove((Integer) lost);
      } else {
        if (member.id() == lost) {
          member.join(nextId++, List.of());
        }
        next.add(member.id());
      }
      leader.lead().changeMembers(List.copyOf(next));
    }
    world.after(World.SECOND, () -> replace(member, lost));
  }
}
