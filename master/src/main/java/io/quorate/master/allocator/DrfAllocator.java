package io.quorate.master.allocator;

import io.quorate.master.event.ProposeOffers;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Agent;
import io.quorate.master.state.Filter;
import io.quorate.master.state.Framework;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.FrameworkInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Dominant resource fairness over frameworks. Each agent's free resources go whole, in one offer,
 * to the framework with the least dominant share that may have them and has not refused them; ties
 * go by framework id, then role. A share grows with each offer of the round, so a round spreads the
 * agents.
 */
public final class DrfAllocator {
  private DrfAllocator() {}

  /** The offers to make now; none where nothing is free or wanted. */
  public static ProposeOffers propose(MasterState state) {
    ProposeOffers.Builder proposal = ProposeOffers.newBuilder();
    List<Framework> wanting = new ArrayList<>();
    for (Framework framework : state.frameworks().values()) {
      if (framework.connected() && wants(framework)) {
        wanting.add(framework);
      }
    }
    if (wanting.isEmpty()) {
      return proposal.build();
    }
    DominantShare shares = new DominantShare(totals(state));
    wanting.forEach(shares::add);
    for (Agent agent : state.agents().values()) {
      if (agent.offerable() && !agent.free().isEmpty()) {
        offer(state, agent, wanting, shares, proposal);
      }
    }
    return proposal.build();
  }

  private static boolean wants(Framework framework) {
    return !framework.suppressedRoles().containsAll(framework.roles());
  }

  private static Map<String, Long> totals(MasterState state) {
    Map<String, Long> totals = new TreeMap<>();
    for (Agent agent : state.agents().values()) {
      agent
          .total()
          .scalarQuantities()
          .forEach((name, millis) -> totals.merge(name, millis, Long::sum));
    }
    return totals;
  }

  private static void offer(
      MasterState state,
      Agent agent,
      List<Framework> wanting,
      DominantShare shares,
      ProposeOffers.Builder proposal) {
    Resources free = agent.free();
    boolean near = near(state, agent);
    List<Framework> order = new ArrayList<>(wanting);
    order.sort(
        Comparator.<Framework>comparingDouble(each -> shares.of(each.id().value()))
            .thenComparing(Framework::id));
    for (Framework framework : order) {
      for (String role : framework.roles()) {
        Resources fit =
            near || framework.has(FrameworkInfo.Capability.Type.REGION_AWARE)
                ? fit(framework, role, agent, free)
                : Resources.EMPTY;
        if (WorthOffering.to(framework, role, fit)
            && !refused(state, framework, role, agent, fit)) {
          proposal.addOffers(
              ProposedOffer.newBuilder()
                  .setFrameworkId(framework.id().value())
                  .setAgentId(agent.id().value())
                  .setRole(role)
                  .addAllResources(fit.toProtos()));
          shares.add(framework.id().value(), Quantities.of(fit));
          free = free.minus(fit);
          if (free.isEmpty()) {
            return;
          }
        }
      }
    }
  }

  /** Whether the agent is in the leader's region (Mesos 4.12, CP-130). Whoever names none is. */
  private static boolean near(MasterState state, Agent agent) {
    if (!agent.info().hasDomain() || !state.cluster().leader().hasDomain()) {
      return true;
    }
    return agent
        .info()
        .getDomain()
        .getFaultDomain()
        .getRegion()
        .equals(state.cluster().leader().getDomain().getFaultDomain().getRegion());
  }

  /** What of the free resources may go to this framework in this role (Mesos 3.2, 5.5). */
  private static Resources fit(Framework framework, String role, Agent agent, Resources free) {
    if (framework.suppressedRoles().contains(role)
        || !OfferConstraintsMatch.wants(framework, role, agent.info())) {
      return Resources.EMPTY;
    }
    boolean gpus = agent.total().scalarMillis("gpus") > 0;
    if (gpus && !framework.has(FrameworkInfo.Capability.Type.GPU_RESOURCES)) {
      return Resources.EMPTY;
    }
    boolean refined = framework.has(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT);
    boolean shared = framework.has(FrameworkInfo.Capability.Type.SHARED_RESOURCES);
    boolean revocable = framework.has(FrameworkInfo.Capability.Type.REVOCABLE_RESOURCES);
    return free.filter(
        resource -> {
          int depth = resource.getReservationsCount();
          boolean own =
              depth == 0 || Roles.covers(resource.getReservations(depth - 1).getRole(), role);
          return own
              && (depth < 2 || refined)
              && (!resource.hasShared() || shared)
              && (!resource.hasRevocable() || revocable);
        });
  }

  private static boolean refused(
      MasterState state, Framework framework, String role, Agent agent, Resources fit) {
    for (Filter filter : state.filtersOf(framework.id(), role, agent.id())) {
      if (filter.deadlineNanos() > state.cluster().timeNanos()
          && filter.resources().contains(fit)) {
        return true;
      }
    }
    return false;
  }
}
