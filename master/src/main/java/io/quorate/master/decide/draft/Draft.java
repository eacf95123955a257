package io.quorate.master.decide.draft;

import io.quorate.master.apply.Apply;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkRemoved;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decision is worked out on: the state that it began with, the leader's policy, and the
 * events that it led to so far. Each event is applied at once, with the same code that every
 * replica uses, so that the second task of a call is judged by what the first left over.
 *
 * <p>A draft is the only mutable thing in this package. It lives within one decision, and one that
 * is refused is dropped together with its events.
 */
public final class Draft {
  private final Policy policy;
  private final List<Event> events = new ArrayList<>();
  private MasterState state;

  public Draft(MasterState state, Policy policy) {
    this.state = state;
    this.policy = policy;
  }

  /** Returns the state after the events so far. */
  public MasterState state() {
    return state;
  }

  /** Returns the leader's settings. */
  public Policy policy() {
    return policy;
  }

  /** Returns the time of the decision, in nanoseconds since the epoch. */
  public long nowNanos() {
    return state.cluster().timeNanos();
  }

  /** Adds an event, and applies it. */
  public void emit(Event.Builder builder) {
    Event event = builder.build();
    state = Apply.apply(state, event);
    events.add(event);
  }

  /** Ends a framework and all that it has (CP-114). */
  public void remove(FrameworkId id) {
    emit(
        Event.newBuilder()
            .setFrameworkRemoved(
                FrameworkRemoved.newBuilder()
                    .setFrameworkId(id.value())
                    .setCompletedFrameworksMax(policy.completedFrameworksMax())));
  }

  /**
   * The call is done. Whatever took the last task or operation from an agent also ends the agent's
   * drain.
   */
  public Decision accepted() {
    Drains.settle(this);
    return new Decision.Accepted(events, state);
  }
}
