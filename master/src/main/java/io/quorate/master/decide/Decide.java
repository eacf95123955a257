package io.quorate.master.decide;

import io.quorate.master.event.Call;
import io.quorate.master.state.MasterState;

/** The table of contents of the rules: each call and who decides it. */
public final class Decide {
  private Decide() {}

  /**
   * Decides one call.
   *
   * @param state the state so far, at the time of the decision ({@code
   *     state.cluster().timeNanos()})
   */
  public static Decision decide(MasterState state, Call call, Policy policy) {
    return switch (call.getWhatCase()) {
      case SCHEDULER ->
          SchedulerDecisions.decide(state, call.getPrincipal(), call.getScheduler(), policy);
      case OPERATOR ->
          OperatorDecisions.decide(
              state, call.getPrincipal(), call.getOperator().getCall(), policy);
      case AGENT -> AgentDecisions.decide(state, call.getAgent());
      case BECOME_LEADER -> ClusterDecisions.becomeLeader(state, call.getBecomeLeader());
      case CLOSE_STREAM -> ClusterDecisions.closeStream(state, call.getCloseStream(), policy);
      case FIRE_TIMERS -> ClusterDecisions.fireTimers(state, policy);
      case PROPOSE_OFFERS -> OfferProposals.decide(state, call.getProposeOffers(), policy);
      case CLOSE_LINK -> AgentDecisions.closeLink(state, call.getCloseLink());
      case MARK_UNREACHABLE ->
          AgentDecisions.markUnreachable(state, call.getMarkUnreachable(), policy);
      case CONFIRM_COMMANDS -> AgentDecisions.confirm(state, call.getConfirmCommands());
      case WHAT_NOT_SET -> throw new IllegalArgumentException("a call without content");
    };
  }
}
