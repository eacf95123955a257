package io.quorate.master.effect;

import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;

/** An effect is one thing that leaves the master. */
public sealed interface Effect {

  /** This is an event for a scheduler's stream. */
  record ToScheduler(String streamId, Event event) implements Effect {}

  /** The stream ends after what was sent on it. */
  record EndStream(String streamId) implements Effect {}

  /** This is an event for an agent's link. */
  record ToAgent(String linkId, AgentEvent event) implements Effect {}

  /** The link ends after what was sent on it. */
  record EndLink(String linkId) implements Effect {}

  /** The agent's commands after this number are to be sent on this link, and each new one after. */
  record StartCommands(AgentId agent, String linkId, long after) implements Effect {}

  /** The agent may have new commands. */
  record PumpCommands(AgentId agent) implements Effect {}
}
