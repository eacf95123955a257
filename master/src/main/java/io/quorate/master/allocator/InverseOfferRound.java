package io.quorate.master.allocator;

import io.quorate.master.event.ProposedInverseOffer;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.TaskKey;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Whom to ask to leave an agent whose machine is scheduled for maintenance (Mesos 4.4): each
 * connected framework that holds or is offered something there, one outstanding question at a time,
 * and again when the filter of its last answer is over.
 */
public final class InverseOfferRound {
  private InverseOfferRound() {}

  /** The inverse offers to make now. */
  public static List<ProposedInverseOffer> propose(MasterState state) {
    List<ProposedInverseOffer> proposals = new ArrayList<>();
    if (state.maintenance().machines().isEmpty()) {
      return proposals;
    }
    for (Agent agent : state.agents().values()) {
      if (agent.connected() && state.maintenance().machineOf(agent).isPresent()) {
        for (FrameworkId framework : concerned(state, agent.id())) {
          if (mayBeAsked(state, framework, agent.id())) {
            proposals.add(
                ProposedInverseOffer.newBuilder()
                    .setFrameworkId(framework.value())
                    .setAgentId(agent.id().value())
                    .build());
          }
        }
      }
    }
    return proposals;
  }

  private static TreeSet<FrameworkId> concerned(MasterState state, AgentId agent) {
    TreeSet<FrameworkId> frameworks = new TreeSet<>();
    for (TaskKey task : state.tasksOn(agent)) {
      frameworks.add(task.framework());
    }
    for (var executor : state.executorsOn(agent)) {
      frameworks.add(executor.framework());
    }
    for (OfferId offer : state.offersOn(agent)) {
      frameworks.add(state.offers().get(offer).framework());
    }
    return frameworks;
  }

  private static boolean mayBeAsked(MasterState state, FrameworkId framework, AgentId agent) {
    if (!state.frameworks().find(framework).filter(Framework::connected).isPresent()) {
      return false;
    }
    for (InverseOffer offer : state.inverseOffers().values()) {
      if (offer.framework().equals(framework) && offer.agent().equals(agent)) {
        return false;
      }
    }
    // Filters for inverse offers have no role.
    for (Filter filter : state.filtersOf(framework, "", agent)) {
      if (filter.deadlineNanos() > state.cluster().timeNanos()) {
        return false;
      }
    }
    return true;
  }
}
