package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.state.MasterState;

/** The table of contents of the state machine: each event and who applies it. */
public final class Apply {
  private Apply() {}

  /**
   * Applies one event.
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
      case OFFERS_SUPPRESSED -> FrameworkEvents.apply(state, event.getOffersSuppressed());
      case OFFERS_REVIVED -> FrameworkEvents.apply(state, event.getOffersRevived());

      case OFFER_EXTENDED -> OfferEvents.apply(state, event.getOfferExtended());
      case OFFER_ACCEPTED -> OfferEvents.over(state, event.getOfferAccepted().getOfferId());
      case OFFER_DECLINED -> OfferEvents.over(state, event.getOfferDeclined().getOfferId());
      case OFFER_RESCINDED -> OfferEvents.over(state, event.getOfferRescinded().getOfferId());
      case OFFER_DISCARDED -> OfferEvents.over(state, event.getOfferDiscarded().getOfferId());
      case FILTER_INSTALLED -> OfferEvents.apply(state, event.getFilterInstalled());
      case FILTER_REMOVED -> OfferEvents.apply(state, event.getFilterRemoved());

      case TASK_LAUNCHED -> TaskEvents.apply(state, event.getTaskLaunched());
      case TASK_KILL_REQUESTED -> TaskEvents.apply(state, event.getTaskKillRequested());
      case TASK_STATUS_UPDATED -> TaskEvents.apply(state, event.getTaskStatusUpdated());
      case TASK_STATUS_ACKNOWLEDGED -> TaskEvents.apply(state, event.getTaskStatusAcknowledged());
      case TASK_RECOVERED -> TaskEvents.apply(state, event.getTaskRecovered());
      case UPDATE_DISOWNED -> TaskEvents.apply(state, event.getUpdateDisowned());

      case AGENT_REGISTERED -> AgentEvents.apply(state, event.getAgentRegistered());
      case AGENT_RECONNECTED -> AgentEvents.apply(state, event.getAgentReconnected());
      case AGENT_DISCONNECTED -> AgentEvents.apply(state, event.getAgentDisconnected());
      case AGENT_BECAME_UNREACHABLE -> AgentEvents.apply(state, event.getAgentBecameUnreachable());
      case AGENT_REMOVED -> AgentEvents.apply(state, event.getAgentRemoved());
      case COMMANDS_CONFIRMED -> AgentEvents.apply(state, event.getCommandsConfirmed());

      // Told to a framework, changing nothing.
      case SUBSCRIPTION_REFUSED, TASK_REFUSED, TASK_STATUS_REPEATED, TASKS_RECONCILED -> state;

      case WHAT_NOT_SET ->
          throw new IllegalStateException(
              "an event that this release does not know: " + event.getUnknownFields());
    };
  }
}
