package io.quorate.master.allocator;

import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.Roles;
import io.quorate.protocol.v1.FrameworkInfo.Capability;

/** A framework in one of its roles: who offers are made to. */
final class Client extends Node {
  final FrameworkId id;
  final String role;
  final String topLevel;
  private final Group top;

  /** Its place in the bit sets of all agents. */
  final int index;

  private Framework framework;
  private boolean regionAware;
  private boolean gpus;
  private boolean constrained;
  private boolean ownRule;
  private int capabilities;

  Client(Framework framework, String role, int index, Group parent, Totals totals) {
    super(framework.id().value(), parent, totals);
    this.id = framework.id();
    this.role = role;
    this.topLevel = Roles.topLevel(role);
    this.top = top(parent);
    this.index = index;
    of(framework);
  }

  /** Returns the group right below the root that this one is in. */
  private static Group top(Group group) {
    Group at = group;
    while (at.parent.parent != null) {
      at = at.parent;
    }
    return at;
  }

  /** Returns the quota that it shares, which is null without one. */
  Ledger.Entry quota() {
    return top.quota;
  }

  /** Says whether it wants offers. */
  boolean isEager() {
    return eager() > 0;
  }

  static boolean eager(Framework framework, String role) {
    return framework.connected()
        && framework.roles().contains(role)
        && !framework.suppressedRoles().contains(role);
  }

  /** Whether all that decides what it may have is as before. */
  boolean same(Framework other) {
    return framework.info() == other.info() && framework.constraints() == other.constraints();
  }

  void of(Framework newer) {
    framework = newer;
    regionAware = newer.has(Capability.Type.REGION_AWARE);
    constrained = newer.constraints().getRoleConstraintsCount() > 0;
    ownRule = WorthOffering.hasOwnRule(newer, role);
    gpus = newer.has(Capability.Type.GPU_RESOURCES);
    capabilities =
        (newer.has(Capability.Type.RESERVATION_REFINEMENT) ? Portion.REFINED : 0)
            | (newer.has(Capability.Type.SHARED_RESOURCES) ? Portion.SHARED : 0)
            | (newer.has(Capability.Type.REVOCABLE_RESOURCES) ? Portion.REVOCABLE : 0);
  }

  Framework framework() {
    return framework;
  }

  boolean regionAware() {
    return regionAware;
  }

  boolean takesGpus() {
    return gpus;
  }

  /** Says whether it wants some agents only. */
  boolean constrained() {
    return constrained;
  }

  /** Whether it says itself what is worth an offer. */
  boolean hasOwnRule() {
    return ownRule;
  }

  /** Kinds of resources that it can take: bits of {@link Portion}. */
  int capabilities() {
    return capabilities;
  }
}
