package io.quorate.master.decide;

import io.quorate.master.decide.draft.AgentEnds;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.offer.OfferDecisions;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.CloseStream;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkDisconnected;
import io.quorate.master.event.GoneAgentForgotten;
import io.quorate.master.event.LeaderElected;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Timer;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;

/** Decides what the leader itself asks for: taking the lead, broken streams, due timers. */
final class ClusterDecisions {
  private ClusterDecisions() {}

  /** The first call of a term. */
  static Decision becomeLeader(Draft draft, BecomeLeader call) {
    MasterState state = draft.state();
    String known = state.cluster().id();
    LeaderElected.Builder elected =
        LeaderElected.newBuilder()
            .setTerm(call.getTerm())
            .setClusterId(known.isEmpty() ? call.getNewClusterId() : known)
            .setFrameworksDeadlineNanos(
                state.cluster().timeNanos() + call.getFrameworkGraceNanos());
    // Mesos requires fields of it: one that is absent would make an event that nobody can write.
    if (call.hasMasterInfo()) {
      elected.setMasterInfo(call.getMasterInfo());
    }
    draft.emit(Event.newBuilder().setLeaderElected(elected));
    return draft.accepted();
  }

  /**
   * A scheduler's connection ended (Mesos 3.1, disconnect): its offers return to the pool, its
   * tasks go on, and its fail-over time-out runs. A stream that was replaced meanwhile is nobody's.
   */
  static Decision closeStream(Draft draft, CloseStream call) {
    MasterState state = draft.state();
    FrameworkId id = new FrameworkId(call.getFrameworkId());
    Framework framework = state.frameworks().find(id).orElse(null);
    if (framework == null || !framework.streamId().equals(call.getStreamId())) {
      return draft.accepted();
    }
    if (framework.failoverTimeoutNanos() == 0) {
      draft.remove(id);
      return draft.accepted();
    }
    for (OfferId offer : state.offersTo(id)) {
      draft.emit(EventFactory.discarded(draft, offer));
    }
    long deadline = state.cluster().timeNanos() + framework.failoverTimeoutNanos();
    draft.emit(
        Event.newBuilder()
            .setFrameworkDisconnected(
                FrameworkDisconnected.newBuilder()
                    .setFrameworkId(id.value())
                    .setDeadlineNanos(deadline < 0 ? Long.MAX_VALUE : deadline)));
    return draft.accepted();
  }

  /**
   * Whatever is due, soonest first, up to a bound: the leader asks again while something is due.
   */
  static Decision fireTimers(Draft draft) {
    MasterState state = draft.state();
    int fired = 0;
    for (Timer timer : state.timers()) {
      if (timer.deadlineNanos() > state.cluster().timeNanos()
          || fired++ == draft.policy().timersPerCallMax()) {
        break;
      }
      fire(draft, timer);
    }
    return draft.accepted();
  }

  private static void fire(Draft draft, Timer timer) {
    switch (timer.subject()) {
      case FRAMEWORK -> {
        FrameworkId id = new FrameworkId(timer.name());
        if (draft.state().frameworks().has(id)) {
          draft.remove(id);
        }
      }
      case OFFER -> {
        Offer offer = draft.state().offers().find(new OfferId(timer.name())).orElse(null);
        if (offer != null) {
          OfferDecisions.expire(draft, offer);
        }
      }
      case UNREACHABLE_AGENT -> {
        AgentId id = new AgentId(timer.name());
        if (draft.state().agents().has(id)) {
          AgentEnds.removed(draft, id, "The agent was unreachable for too long and is forgotten");
        }
      }
      case GONE_AGENT -> {
        AgentId id = new AgentId(timer.name());
        if (draft.state().goneAgents().has(id)) {
          draft.emit(
              Event.newBuilder()
                  .setGoneAgentForgotten(GoneAgentForgotten.newBuilder().setAgentId(id.value())));
        }
      }
      case FILTER -> {
        if (draft.state().filters().has(timer.filter())) {
          draft.emit(EventFactory.unfiltered(timer.filter()));
        }
      }
    }
  }
}
