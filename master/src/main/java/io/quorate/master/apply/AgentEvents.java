package io.quorate.master.apply;

import io.quorate.master.event.AgentBecameUnreachable;
import io.quorate.master.event.AgentDeactivated;
import io.quorate.master.event.AgentDisconnected;
import io.quorate.master.event.AgentDrainStarted;
import io.quorate.master.event.AgentDrained;
import io.quorate.master.event.AgentMarkedGone;
import io.quorate.master.event.AgentReactivated;
import io.quorate.master.event.AgentReconnected;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.AgentRemoved;
import io.quorate.master.event.CommandsConfirmed;
import io.quorate.master.event.Event;
import io.quorate.master.event.GoneAgentForgotten;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Service;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;

/** Applies the life of agents. */
final class AgentEvents {
  private AgentEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case AGENT_REGISTERED -> apply(state, event.getAgentRegistered());
      case AGENT_RECONNECTED -> apply(state, event.getAgentReconnected());
      case AGENT_DISCONNECTED -> apply(state, event.getAgentDisconnected());
      case AGENT_BECAME_UNREACHABLE -> apply(state, event.getAgentBecameUnreachable());
      case AGENT_REMOVED -> apply(state, event.getAgentRemoved());
      case AGENT_DEACTIVATED -> apply(state, event.getAgentDeactivated());
      case AGENT_REACTIVATED -> apply(state, event.getAgentReactivated());
      case AGENT_DRAIN_STARTED -> apply(state, event.getAgentDrainStarted());
      case AGENT_DRAINED -> apply(state, event.getAgentDrained());
      case AGENT_MARKED_GONE -> apply(state, event.getAgentMarkedGone());
      case GONE_AGENT_FORGOTTEN -> apply(state, event.getGoneAgentForgotten());
      case COMMANDS_CONFIRMED -> apply(state, event.getCommandsConfirmed());
      default -> throw new IllegalStateException("no event of agents: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, AgentRegistered event) {
    if (!event.hasAgentInfo()) {
      return state;
    }
    AgentId id = new AgentId(event.getAgentId());
    Agent.Link link =
        new Agent.Link(
            event.getLinkId(),
            event.getAddress(),
            event.getVersion(),
            event.getCapabilitiesList(),
            event.getKey());
    return state
        .registered(id, event.getAgentInfo(), event.getRegistrationId())
        .linked(
            id,
            event.getAgentInfo(),
            Resources.countable(event.getAgentInfo().getResourcesList()),
            link);
  }

  static MasterState apply(MasterState state, AgentReconnected event) {
    if (!event.hasAgentInfo()) {
      return state;
    }
    AgentId id = new AgentId(event.getAgentId());
    Agent.Link link =
        new Agent.Link(
            event.getLinkId(),
            event.getAddress(),
            event.getVersion(),
            event.getCapabilitiesList(),
            event.getKey());
    return state
        .linked(id, event.getAgentInfo(), Resources.countable(event.getTotalList()), link)
        .confirmed(id, event.getCommandsDone());
  }

  static MasterState apply(MasterState state, AgentDisconnected event) {
    return state.unlinked(new AgentId(event.getAgentId()));
  }

  /** Events before this one said what becomes of its tasks; its executors are not waited for. */
  static MasterState apply(MasterState state, AgentBecameUnreachable event) {
    AgentId id = new AgentId(event.getAgentId());
    MasterState next = state.unreachable(id, event.getForgetNanos());
    for (ExecutorKey key : state.executorsOn(id)) {
      next = next.ended(key);
    }
    return next;
  }

  /**
   * Events before this one ended its tasks and offers. An offer that they left out goes with it; a
   * task stays until its end is acknowledged.
   */
  static MasterState apply(MasterState state, AgentRemoved event) {
    AgentId id = new AgentId(event.getAgentId());
    MasterState next = state;
    for (OfferId offer : state.offersOn(id)) {
      next = next.withdrawn(offer);
    }
    for (ExecutorKey key : state.executorsOn(id)) {
      next = next.ended(key);
    }
    for (OperationKey key : state.operationsOn(id)) {
      next = next.ended(key);
    }
    for (InverseOffer offer : state.inverseOffers().values()) {
      if (offer.agent().equals(id)) {
        next = next.inverseWithdrawn(offer.id());
      }
    }
    for (Filter filter : state.filters().values()) {
      if (filter.key().agent().equals(id)) {
        next = next.unfiltered(filter.key());
      }
    }
    return next.removed(id);
  }

  static MasterState apply(MasterState state, AgentDeactivated event) {
    AgentId id = new AgentId(event.getAgentId());
    return state
        .agents()
        .find(id)
        .map(agent -> state.serving(id, agent.service().deactivating()))
        .orElse(state);
  }

  /** A drained agent takes tasks again. */
  static MasterState apply(MasterState state, AgentReactivated event) {
    AgentId id = new AgentId(event.getAgentId());
    boolean drained =
        state.agents().find(id).filter(agent -> agent.service().drain().isPresent()).isPresent();
    MasterState next = state.serving(id, Service.NORMAL);
    return drained
        ? next.commanded(
            id, Command.newBuilder().setReactivate(Command.Reactivate.getDefaultInstance()))
        : next;
  }

  static MasterState apply(MasterState state, AgentDrainStarted event) {
    AgentId id = new AgentId(event.getAgentId());
    return state
        .serving(id, Service.draining(event.getConfig(), state.cluster().timeNanos()))
        .commanded(
            id,
            Command.newBuilder().setDrain(Command.Drain.newBuilder().setConfig(event.getConfig())));
  }

  static MasterState apply(MasterState state, AgentDrained event) {
    AgentId id = new AgentId(event.getAgentId());
    return state
        .agents()
        .find(id)
        .map(agent -> state.serving(id, agent.service().drained()))
        .orElse(state);
  }

  static MasterState apply(MasterState state, AgentMarkedGone event) {
    return state.gone(
        new GoneAgent(
            new AgentId(event.getAgentId()), state.cluster().timeNanos(), event.getForgetNanos()));
  }

  static MasterState apply(MasterState state, GoneAgentForgotten event) {
    return state.forgotten(new AgentId(event.getAgentId()));
  }

  static MasterState apply(MasterState state, CommandsConfirmed event) {
    return state.confirmed(new AgentId(event.getAgentId()), event.getCommandsDone());
  }
}
