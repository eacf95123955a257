package io.quorate.master.decide.scheduler;

import io.quorate.master.decide.accept.AcceptDecision;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.offer.OfferDecisions;
import io.quorate.master.decide.operator.MaintenanceDecisions;
import io.quorate.master.decide.task.ExecutorDecisions;
import io.quorate.master.decide.task.OperationDecisions;
import io.quorate.master.decide.task.TaskDecisions;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.allocator.InverseOfferStatus;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.Optional;

/** Decides scheduler calls: who may call at all, then each call by its family. */
public final class SchedulerDecisions {
  private SchedulerDecisions() {}

  public static Decision decide(Draft draft, String principal, SchedulerCall asked) {
    MasterState state = draft.state();
    Call call = asked.getCall();
    if (call.getType() == Call.Type.SUBSCRIBE) {
      if (!call.getSubscribe().hasFrameworkInfo()) {
        return refused(400, "Expecting 'subscribe.framework_info' to be present");
      }
      return SubscribeDecision.decide(draft, principal, call, asked.getStreamId());
    }
    FrameworkId id = new FrameworkId(call.getFrameworkId().getValue());
    Framework framework = state.frameworks().find(id).orElse(null);
    if (framework == null && call.getType() == Call.Type.TEARDOWN && state.removed(id)) {
      // Repeated: the answer got lost, and no stream is left to send it on.
      return draft.accepted();
    }
    Refusal refusal = gate(framework, principal, asked);
    if (refusal != null) {
      return new Decision.Refused(refusal);
    }
    return switch (call.getType()) {
      case TEARDOWN -> teardown(draft, id);
      case ACCEPT -> AcceptDecision.decide(draft, framework, call.getAccept());
      case DECLINE -> OfferDecisions.decline(draft, framework, call.getDecline());
      case REVIVE -> OfferDecisions.revive(draft, framework, call.getRevive());
      case SUPPRESS -> OfferDecisions.suppress(draft, framework, call.getSuppress());
      case KILL -> TaskDecisions.kill(draft, framework, call.getKill());
      case ACKNOWLEDGE -> TaskDecisions.acknowledge(draft, framework, call.getAcknowledge());
      case RECONCILE -> TaskDecisions.reconcile(draft, framework, call.getReconcile());
      case REQUEST -> OfferDecisions.request(draft, framework, call.getRequest());
      case SHUTDOWN -> ExecutorDecisions.shutdown(draft, framework, call.getShutdown());
      case MESSAGE -> ExecutorDecisions.message(draft, framework, call.getMessage());
      case ACCEPT_INVERSE_OFFERS ->
          MaintenanceDecisions.answer(
              draft,
              framework,
              call.getAcceptInverseOffers().getInverseOfferIdsList(),
              InverseOfferStatus.Status.ACCEPT,
              call.getAcceptInverseOffers().hasFilters()
                  ? Optional.of(call.getAcceptInverseOffers().getFilters())
                  : Optional.empty());
      case DECLINE_INVERSE_OFFERS ->
          MaintenanceDecisions.answer(
              draft,
              framework,
              call.getDeclineInverseOffers().getInverseOfferIdsList(),
              InverseOfferStatus.Status.DECLINE,
              call.getDeclineInverseOffers().hasFilters()
                  ? Optional.of(call.getDeclineInverseOffers().getFilters())
                  : Optional.empty());
      case ACKNOWLEDGE_OPERATION_STATUS ->
          OperationDecisions.acknowledge(draft, framework, call.getAcknowledgeOperationStatus());
      case RECONCILE_OPERATIONS ->
          OperationDecisions.reconcile(draft, framework, call.getReconcileOperations());
      case UPDATE_FRAMEWORK ->
          UpdateFrameworkDecision.decide(draft, framework, principal, call.getUpdateFramework());
      case SUBSCRIBE, UNKNOWN -> refused(400, "Call of an unknown type");
    };
  }

  /** The checks of the scheduler endpoint that need state, in their order (Mesos 1.3). */
  private static Refusal gate(Framework framework, String principal, SchedulerCall asked) {
    if (framework == null) {
      return Refusal.badRequest("Framework cannot be found");
    }
    String owner = framework.info().getPrincipal();
    if (!principal.isEmpty() && !principal.equals(owner)) {
      return Refusal.badRequest(
          "Authenticated principal '"
              + principal
              + "' does not match principal '"
              + owner
              + "' set in `FrameworkInfo`");
    }
    if (!framework.connected()) {
      return Refusal.forbidden("Framework is not subscribed");
    }
    if (!asked.hasStreamId()) {
      return Refusal.badRequest(
          "All non-subscribe calls should include the 'Mesos-Stream-Id' header");
    }
    if (!asked.getStreamId().equals(framework.streamId())) {
      return Refusal.badRequest(
          "The stream ID '"
              + asked.getStreamId()
              + "' included in this request didn't match the stream ID currently associated with"
              + " framework ID "
              + framework.id());
    }
    return null;
  }

  private static Decision teardown(Draft draft, FrameworkId id) {
    draft.remove(id);
    return draft.accepted();
  }

  private static Decision refused(int status, String message) {
    return new Decision.Refused(new Refusal(status, message));
  }
}
