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
      case FRAMEWORK_SUBSCRIBED, FRAMEWORK_DISCONNECTED, FRAMEWORK_REMOVED, FRAMEWORK_UPDATED ->
          FrameworkEvents.apply(state, event);
      case OFFERS_SUPPRESSED, OFFERS_REQUESTED, OFFERS_REVIVED ->
          FrameworkEvents.apply(state, event);
      case OFFER_EXTENDED, OFFER_ACCEPTED, OFFER_DECLINED, OFFER_RESCINDED, OFFER_DISCARDED ->
          OfferEvents.apply(state, event);
      case FILTER_INSTALLED, FILTER_REMOVED, ACCEPT_REMEMBERED -> OfferEvents.apply(state, event);
      case TASK_LAUNCHED, TASK_GROUP_LAUNCHED, TASK_KILL_REQUESTED, TASK_STATUS_UPDATED ->
          TaskEvents.apply(state, event);
      case TASK_STATUS_ACKNOWLEDGED, TASK_RECOVERED, TASK_BECAME_UNREACHABLE, STRAY_TASK_KILLED ->
          TaskEvents.apply(state, event);
      case UPDATE_DISOWNED -> TaskEvents.apply(state, event);
      case EXECUTOR_SHUTDOWN_REQUESTED, EXECUTOR_EXITED, EXECUTOR_REMOVED, MESSAGE_TO_EXECUTOR ->
          ExecutorEvents.apply(state, event);
      case OPERATION_BEGUN, OPERATION_STATUS_UPDATED, OPERATION_STATUS_ACKNOWLEDGED ->
          OperationEvents.apply(state, event);
      case OPERATION_FORGOTTEN, OPERATION_UPDATE_DISOWNED -> OperationEvents.apply(state, event);
      case AGENT_REGISTERED, AGENT_RECONNECTED, AGENT_DISCONNECTED, AGENT_BECAME_UNREACHABLE ->
          AgentEvents.apply(state, event);
      case AGENT_REMOVED, AGENT_DEACTIVATED, AGENT_REACTIVATED, AGENT_DRAIN_STARTED ->
          AgentEvents.apply(state, event);
      case AGENT_DRAINED, AGENT_MARKED_GONE, GONE_AGENT_FORGOTTEN, COMMANDS_CONFIRMED ->
          AgentEvents.apply(state, event);
      case MAINTENANCE_SCHEDULED, MACHINE_STATE_CHANGED, INVERSE_OFFER_EXTENDED ->
          MaintenanceEvents.apply(state, event);
      case INVERSE_OFFER_RESCINDED, INVERSE_OFFER_ANSWERED -> MaintenanceEvents.apply(state, event);
      case WEIGHTS_UPDATED, QUOTAS_UPDATED -> RoleEvents.apply(state, event);
      case VARIABLE_STORED, VARIABLE_EXPUNGED -> VariableEvents.apply(state, event);
      // These are told to a framework, and change nothing.
      case SUBSCRIPTION_REFUSED, TASK_REFUSED, TASK_STATUS_REPEATED, TASKS_RECONCILED -> state;
      case OPERATION_REFUSED, OPERATION_STATUS_REPEATED, OPERATIONS_RECONCILED -> state;
      case MESSAGE_FROM_EXECUTOR -> state;
      case WHAT_NOT_SET ->
          throw new IllegalStateException(
              "an event that this release does not know: " + event.getUnknownFields());
    };
  }
}
