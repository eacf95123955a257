package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;

/**
 * An agent that an operator marked gone: it may never come back (Mesos 4.2).
 *
 * @param sinceNanos when, nanoseconds since the epoch
 * @param forgetNanos when the mark itself is forgotten
 */
public record GoneAgent(AgentId id, long sinceNanos, long forgetNanos) {}
