package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.Unavailability;

/** An outstanding inverse offer: a framework is asked to leave an agent in time (Mesos 4.4). */
public record InverseOffer(
    OfferId id, FrameworkId framework, AgentId agent, Unavailability unavailability) {}
