package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.state.MasterState;

/** The table of contents of the state machine: each event and who applies it. */
public final class Apply {
  private Apply() {}

  /**
   * Applies one event.
   *
   * <p>There is a state for every event and every state that a log can hold. An event that does not
   * fit, because it names something that is not there or lacks a field that it cannot do without,
   * changes nothing, on every replica alike: a replica that stopped instead would stop again at
   * each start, and all of them would.
   *
   * @throws IllegalStateException if this binary does not know the event: the replica must stop
   *     rather than skip a fact
   */
  public static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case LEADER_ELECTED -> ClusterEvents.apply(state, event.getLeaderElected());

      case FRAMEWORK_SUBSCRIBED -> FrameworkEvents.apply(state, event.getFrameworkSubscribed());
      case FRAMEWORK_DISCONNECTED -> FrameworkEvents.apply(state, event.getFrameworkDisconnected());
      case FRAMEWORK_REMOVED -> FrameworkEvents.apply(state, event.getFrameworkRemoved());
      case FRAMEWORK_UPDATED -> FrameworkEvents.apply(state, event.getFrameworkUpdated());
      case OFFERS_SUPPRESSED -> FrameworkEvents.apply(state, event.getOffersSuppressed());
      case OFFERS_REQUESTED -> FrameworkEvents.apply(state, event.getOffersRequested());
      case OFFERS_REVIVED -> FrameworkEvents.apply(state, event.getOffersRevived());

      case OFFER_EXTENDED -> OfferEvents.apply(state, event.getOfferExtended());
      case OFFER_ACCEPTED -> OfferEvents.over(state, event.getOfferAccepted().getOfferId());
      case OFFER_DECLINED -> OfferEvents.over(state, event.getOfferDeclined().getOfferId());
      case OFFER_RESCINDED -> OfferEvents.over(state, event.getOfferRescinded().getOfferId());
      case OFFER_DISCARDED -> OfferEvents.over(state, event.getOfferDiscarded().getOfferId());
      case FILTER_INSTALLED -> OfferEvents.apply(state, event.getFilterInstalled());
      case FILTER_REMOVED -> OfferEvents.apply(state, event.getFilterRemoved());
      case ACCEPT_REMEMBERED -> OfferEvents.apply(state, event.getAcceptRemembered());

      case TASK_LAUNCHED -> TaskEvents.apply(state, event.getTaskLaunched());
      case TASK_GROUP_LAUNCHED -> TaskEvents.apply(state, event.getTaskGroupLaunched());
      case TASK_KILL_REQUESTED -> TaskEvents.apply(state, event.getTaskKillRequested());
      case TASK_STATUS_UPDATED -> TaskEvents.apply(state, event.getTaskStatusUpdated());
      case TASK_STATUS_ACKNOWLEDGED -> TaskEvents.apply(state, event.getTaskStatusAcknowledged());
      case TASK_RECOVERED -> TaskEvents.apply(state, event.getTaskRecovered());
      case TASK_BECAME_UNREACHABLE -> TaskEvents.apply(state, event.getTaskBecameUnreachable());
      case STRAY_TASK_KILLED -> TaskEvents.apply(state, event.getStrayTaskKilled());
      case UPDATE_DISOWNED -> TaskEvents.apply(state, event.getUpdateDisowned());

      case EXECUTOR_SHUTDOWN_REQUESTED ->
          ExecutorEvents.apply(state, event.getExecutorShutdownRequested());
      case EXECUTOR_EXITED -> ExecutorEvents.apply(state, event.getExecutorExited());
      case EXECUTOR_REMOVED -> ExecutorEvents.apply(state, event.getExecutorRemoved());
      case MESSAGE_TO_EXECUTOR -> ExecutorEvents.apply(state, event.getMessageToExecutor());

      case OPERATION_BEGUN -> OperationEvents.apply(state, event.getOperationBegun());
      case OPERATION_STATUS_UPDATED ->
          OperationEvents.apply(state, event.getOperationStatusUpdated());
      case OPERATION_STATUS_ACKNOWLEDGED ->
          OperationEvents.apply(state, event.getOperationStatusAcknowledged());
      case OPERATION_FORGOTTEN -> OperationEvents.apply(state, event.getOperationForgotten());
      case OPERATION_UPDATE_DISOWNED ->
          OperationEvents.apply(state, event.getOperationUpdateDisowned());

      case AGENT_REGISTERED -> AgentEvents.apply(state, event.getAgentRegistered());
      case AGENT_RECONNECTED -> AgentEvents.apply(state, event.getAgentReconnected());
      case AGENT_DISCONNECTED -> AgentEvents.apply(state, event.getAgentDisconnected());
      case AGENT_BECAME_UNREACHABLE -> AgentEvents.apply(state, event.getAgentBecameUnreachable());
      case AGENT_REMOVED -> AgentEvents.apply(state, event.getAgentRemoved());
      case AGENT_DEACTIVATED -> AgentEvents.apply(state, event.getAgentDeactivated());
      case AGENT_REACTIVATED -> AgentEvents.apply(state, event.getAgentReactivated());
      case AGENT_DRAIN_STARTED -> AgentEvents.apply(state, event.getAgentDrainStarted());
      case AGENT_DRAINED -> AgentEvents.apply(state, event.getAgentDrained());
      case AGENT_MARKED_GONE -> AgentEvents.apply(state, event.getAgentMarkedGone());
      case GONE_AGENT_FORGOTTEN -> AgentEvents.apply(state, event.getGoneAgentForgotten());
      case COMMANDS_CONFIRMED -> AgentEvents.apply(state, event.getCommandsConfirmed());

      case MAINTENANCE_SCHEDULED -> MaintenanceEvents.apply(state, event.getMaintenanceScheduled());
      case MACHINE_STATE_CHANGED -> MaintenanceEvents.apply(state, event.getMachineStateChanged());
      case INVERSE_OFFER_EXTENDED ->
          MaintenanceEvents.apply(state, event.getInverseOfferExtended());
      case INVERSE_OFFER_RESCINDED ->
          MaintenanceEvents.apply(state, event.getInverseOfferRescinded());
      case INVERSE_OFFER_ANSWERED ->
          MaintenanceEvents.apply(state, event.getInverseOfferAnswered());

      case WEIGHTS_UPDATED -> RoleEvents.apply(state, event.getWeightsUpdated());
      case QUOTAS_UPDATED -> RoleEvents.apply(state, event.getQuotasUpdated());

      // Told to a framework, changing nothing.
      case SUBSCRIPTION_REFUSED,
          TASK_REFUSED,
          TASK_STATUS_REPEATED,
          TASKS_RECONCILED,
          OPERATION_REFUSED,
          OPERATION_STATUS_REPEATED,
          OPERATIONS_RECONCILED,
          MESSAGE_FROM_EXECUTOR ->
          state;

      case WHAT_NOT_SET ->
          throw new IllegalStateException(
              "an event that this release does not know: " + event.getUnknownFields());
    };
  }
}
