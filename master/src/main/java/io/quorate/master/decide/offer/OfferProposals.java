package io.quorate.master.decide.offer;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.event.Event;
import io.quorate.master.event.InverseOfferExtended;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.ProposeOffers;
import io.quorate.master.event.ProposedInverseOffer;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import java.util.Optional;

/**
 * Decides the allocator's proposal, which was made on an older state: what still holds is offered,
 * the rest is dropped and will be proposed anew (optimistic concurrency, as a Nomad plan).
 */
public final class OfferProposals {
  private OfferProposals() {}

  public static Decision decide(Draft draft, ProposeOffers call) {
    for (ProposedOffer proposed : call.getOffersList()) {
      if (holds(draft.state(), proposed)) {
        startTurn(draft, proposed);
        draft.emit(extended(draft, proposed));
      }
    }
    for (ProposedInverseOffer proposed : call.getInverseOffersList()) {
      extend(draft, proposed);
    }
    return draft.accepted();
  }

  /** Extends an inverse offer unless the framework has one for this agent already (CP-294). */
  private static void extend(Draft draft, ProposedInverseOffer proposed) {
    MasterState state = draft.state();
    FrameworkId framework = new FrameworkId(proposed.getFrameworkId());
    AgentId agent = new AgentId(proposed.getAgentId());
    Optional<Machine> machine = state.agents().find(agent).flatMap(state.maintenance()::machineOf);
    boolean connected = state.frameworks().find(framework).filter(Framework::connected).isPresent();
    boolean asked = false;
    for (InverseOffer offer : state.inverseOffers().values()) {
      asked |= offer.framework().equals(framework) && offer.agent().equals(agent);
    }
    if (machine.isPresent() && connected && !asked) {
      draft.emit(
          Event.newBuilder()
              .setInverseOfferExtended(
                  InverseOfferExtended.newBuilder()
                      .setOfferId(state.cluster().mintOffer().value())
                      .setFrameworkId(framework.value())
                      .setAgentId(agent.value())
                      .setUnavailability(machine.get().unavailability())));
    }
  }

  /** What it had of this agent before is over: the new turn counts. */
  private static void startTurn(Draft draft, ProposedOffer proposed) {
    MasterState state = draft.state();
    for (Filter filter :
        state.filtersOf(
            new FrameworkId(proposed.getFrameworkId()),
            proposed.getRole(),
            new AgentId(proposed.getAgentId()))) {
      if (!filter.refuses(state.cluster().timeNanos())) {
        draft.emit(EventFactory.unfiltered(filter.key()));
      }
    }
  }

  private static boolean holds(MasterState state, ProposedOffer proposed) {
    if (ResourceValidation.validate(proposed.getResourcesList()).isPresent()) {
      return false;
    }
    Resources resources = Resources.of(proposed.getResourcesList());
    Optional<Framework> framework =
        state.frameworks().find(new FrameworkId(proposed.getFrameworkId()));
    Optional<Agent> agent = state.agents().find(new AgentId(proposed.getAgentId()));
    return framework.isPresent()
        && framework.get().connected()
        && framework.get().roles().contains(proposed.getRole())
        && !framework.get().suppressedRoles().contains(proposed.getRole())
        && agent.isPresent()
        && agent.get().offerable()
        && !resources.isEmpty()
        && agent.get().free().contains(resources)
        && withinLimit(state, proposed.getRole(), resources);
  }

  /** A limit is a hard ceiling, whatever policy the proposal came from (CP-370). */
  private static boolean withinLimit(MasterState state, String role, Resources resources) {
    String top = Roles.topLevel(role);
    Optional<Role> limited = state.roles().find(top).filter(Role::hasQuota);
    return limited.isEmpty()
        || limited.get().limits().leave(state.consumed(top), MasterState.charge(resources));
  }

  private static Event.Builder extended(Draft draft, ProposedOffer proposed) {
    MasterState state = draft.state();
    OfferExtended.Builder offer =
        OfferExtended.newBuilder()
            .setOfferId(state.cluster().mintOffer().value())
            .setFrameworkId(proposed.getFrameworkId())
            .setAgentId(proposed.getAgentId())
            .setRole(proposed.getRole())
            .addAllResources(proposed.getResourcesList());
    draft
        .policy()
        .offerTimeoutNanos()
        .ifPresent(nanos -> offer.setDeadlineNanos(state.cluster().timeNanos() + nanos));
    return Event.newBuilder().setOfferExtended(offer);
  }
}
