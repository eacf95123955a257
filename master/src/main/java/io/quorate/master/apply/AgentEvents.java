package io.quorate.master.apply;

import io.quorate.master.event.AgentBecameUnreachable;
import io.quorate.master.event.AgentDisconnected;
import io.quorate.master.event.AgentReconnected;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.AgentRemoved;
import io.quorate.master.event.CommandsConfirmed;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.TaskKey;

/** Applies the life of agents. */
final class AgentEvents {
  private AgentEvents() {}

  static MasterState apply(MasterState state, AgentRegistered event) {
    AgentId id = new AgentId(event.getAgentId());
    return state
        .registered(id, event.getAgentInfo(), event.getRegistrationId())
        .linked(
            id,
            event.getAgentInfo(),
            event.getLinkId(),
            event.getVersion(),
            event.getCapabilitiesList());
  }

  static MasterState apply(MasterState state, AgentReconnected event) {
    AgentId id = new AgentId(event.getAgentId());
    return state
        .linked(
            id,
            event.getAgentInfo(),
            event.getLinkId(),
            event.getVersion(),
            event.getCapabilitiesList())
        .confirmed(id, event.getCommandsDone());
  }

  static MasterState apply(MasterState state, AgentDisconnected event) {
    return state.unlinked(new AgentId(event.getAgentId()));
  }

  /** Its tasks hold nothing any more; they may come back with it. */
  static MasterState apply(MasterState state, AgentBecameUnreachable event) {
    AgentId id = new AgentId(event.getAgentId());
    MasterState next = state.unreachable(id);
    for (TaskKey key : state.tasksOn(id)) {
      next = next.lost(key);
    }
    return next;
  }

  /** Events before this one ended its tasks and offers. */
  static MasterState apply(MasterState state, AgentRemoved event) {
    return state.removed(new AgentId(event.getAgentId()));
  }

  static MasterState apply(MasterState state, CommandsConfirmed event) {
    return state.confirmed(new AgentId(event.getAgentId()), event.getCommandsDone());
  }
}
