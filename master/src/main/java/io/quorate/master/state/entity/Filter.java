package io.quorate.master.state.entity;

import io.quorate.master.state.id.FilterKey;
import io.quorate.protocol.resources.Resources;

/**
 * A refusal: what is contained in {@code resources} is not offered until the deadline. From then on
 * it only says that this framework had its turn on this agent: others come before it, until it is
 * forgotten (docs/decisions/0012).
 *
 * @param deadlineNanos nanoseconds since the epoch
 * @param forgetNanos when it goes; not before the deadline
 */
public record Filter(FilterKey key, Resources resources, long deadlineNanos, long forgetNanos) {

  /** Whether it refuses anything at this time. */
  public boolean refuses(long nowNanos) {
    return deadlineNanos > nowNanos;
  }

  /** Mostly all of an agent is refused: that is there already, and need not be kept again. */
  public Filter sharing(Agent agent) {
    return agent.total().equals(resources)
        ? new Filter(key, agent.total(), deadlineNanos, forgetNanos)
        : this;
  }

  /** It refuses nothing any more. */
  public Filter spent() {
    return new Filter(key, resources, 0, forgetNanos);
  }
}
