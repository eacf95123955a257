package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;

/**
 * An outstanding offer: one framework, one agent, one role (CP-177).
 *
 * @param resources without allocation
 * @param deadlineNanos when it is rescinded; 0 for never
 */
public record Offer(
    OfferId id,
    FrameworkId framework,
    AgentId agent,
    String role,
    Resources resources,
    long deadlineNanos) {}
