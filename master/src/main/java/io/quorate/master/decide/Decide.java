package io.quorate.master.decide;

import io.quorate.master.decide.agent.AgentDecisions;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.offer.OfferProposals;
import io.quorate.master.decide.operator.OperatorDecisions;
import io.quorate.master.decide.scheduler.SchedulerDecisions;
import io.quorate.master.decide.variable.VariableDecisions;
import io.quorate.master.event.Call;
import io.quorate.master.state.MasterState;

/** The table of contents of the rules: each call and who decides it. */
public final class Decide {
  private Decide() {}

  /**
   * Decides one call. It has an answer for every call on every state, also on one that is damaged:
   * it never throws, for what cannot be decided once cannot be decided after any change of leader.
   *
   * @param state the state so far, at the time of the decision ({@code
   *     state.cluster().timeNanos()})
   */
  public static Decision decide(MasterState state, Call call, Policy policy) {
    Draft draft = new Draft(state, policy);
    return switch (call.getWhatCase()) {
      case SCHEDULER -> SchedulerDecisions.decide(draft, call.getPrincipal(), call.getScheduler());
      case OPERATOR ->
          OperatorDecisions.decide(draft, call.getPrincipal(), call.getOperator().getCall());
      case VARIABLE -> VariableDecisions.decide(draft, call.getPrincipal(), call.getVariable());
      case AGENT -> AgentDecisions.decide(draft, call.getAgent());
      case BECOME_LEADER -> ClusterDecisions.becomeLeader(draft, call.getBecomeLeader());
      case CLOSE_STREAM -> ClusterDecisions.closeStream(draft, call.getCloseStream());
      case FIRE_TIMERS -> ClusterDecisions.fireTimers(draft);
      case PROPOSE_OFFERS -> OfferProposals.decide(draft, call.getProposeOffers());
      case CLOSE_LINK -> AgentDecisions.closeLink(draft, call.getCloseLink());
      case MARK_UNREACHABLE -> AgentDecisions.markUnreachable(draft, call.getMarkUnreachable());
      case CONFIRM_COMMANDS -> AgentDecisions.confirm(draft, call.getConfirmCommands());
      case WHAT_NOT_SET ->
          new Decision.Refused(Refusal.badRequest("The call has no content that is known"));
    };
  }
}
