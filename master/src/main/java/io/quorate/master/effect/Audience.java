package io.quorate.master.effect;

import io.quorate.master.event.AgentBecameUnreachable;
import io.quorate.master.event.AgentRemoved;
import io.quorate.master.event.Event;
import io.quorate.master.event.ExecutorExited;
import io.quorate.master.event.FrameworkRemoved;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.FrameworkUpdated;
import io.quorate.master.event.InverseOfferExtended;
import io.quorate.master.event.InverseOfferRescinded;
import io.quorate.master.event.MessageFromExecutor;
import io.quorate.master.event.OfferDiscarded;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.OfferRescinded;
import io.quorate.master.event.OperationRefused;
import io.quorate.master.event.OperationStatusAcknowledged;
import io.quorate.master.event.OperationStatusRepeated;
import io.quorate.master.event.OperationStatusUpdated;
import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.event.SubscriptionRefused;
import io.quorate.master.event.TaskBecameUnreachable;
import io.quorate.master.event.TaskGroupLaunched;
import io.quorate.master.event.TaskKillRequested;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.event.TaskRecovered;
import io.quorate.master.event.TaskRefused;
import io.quorate.master.event.TaskStatusRepeated;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.event.TasksReconciled;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;

/**
 * Who is told what of an event: the one table of it. What is told while a stream is open and what a
 * framework is told when it resumes are two listeners to this table, so that an event which is
 * added later cannot be forgotten by one of them: the switch has no default, and a listener has a
 * method for each kind of news.
 */
interface Audience {

  /** Hears of each event what it means outside. */
  interface Listener {
    /** One framework is told this, now or when it comes back. */
    void framework(FrameworkId id, io.quorate.protocol.v1.scheduler.Event news);

    /** Every framework is told this, now or when it comes back. */
    void everyFramework(io.quorate.protocol.v1.scheduler.Event news);

    /** An offer was made. */
    void offered(OfferExtended offer);

    /** An inverse offer was made. */
    void inverseOffered(FrameworkId id, OfferId offer);

    /**
     * An offer is void.
     *
     * @param silently whether a framework that listens is not told, because it knows
     */
    void offerVoid(FrameworkId id, OfferId offer, boolean silently);

    /** A framework asked for the states of tasks. */
    void asked(TasksReconciled question);

    /** A framework asked for the states of operations. */
    void asked(OperationsReconciled question);

    /** A scheduler subscribed. */
    void subscribed(FrameworkId id);

    /** A scheduler's subscription was refused. */
    void refused(String streamId, String why);

    /** A framework is over; every agent that ran something of it has a command. */
    void removed(FrameworkId id);

    /** A framework said anew what it is; agents that run something of it have a command. */
    void updated(FrameworkId id);

    /** The agent has a command. */
    void commanded(AgentId id);

    /** The agent of this task has a command. */
    void commandedFor(TaskKey task);

    /** The agent of this operation has a command. */
    void commandedFor(OperationKey operation);

    /** The agent's link is up. */
    void linked(AgentId id);

    /** The agent was given up. */
    void unreachable(AgentId id);

    /** The agent was removed, and must end. */
    void agentRemoved(AgentId id);
  }

  /** Tells the listener. */
  void tell(Listener listener);

  /** Returns the audience of an event. */
  static Audience of(Event event) {
    return switch (event.getWhatCase()) {
      case FRAMEWORK_SUBSCRIBED -> of(event.getFrameworkSubscribed());
      case SUBSCRIPTION_REFUSED -> of(event.getSubscriptionRefused());
      case FRAMEWORK_REMOVED -> of(event.getFrameworkRemoved());
      case FRAMEWORK_UPDATED -> of(event.getFrameworkUpdated());

      case OFFER_EXTENDED -> listener -> listener.offered(event.getOfferExtended());
      case OFFER_RESCINDED -> of(event.getOfferRescinded());
      case OFFER_DISCARDED -> of(event.getOfferDiscarded());
      case INVERSE_OFFER_EXTENDED -> of(event.getInverseOfferExtended());
      case INVERSE_OFFER_RESCINDED -> of(event.getInverseOfferRescinded());

      case TASK_LAUNCHED -> of(event.getTaskLaunched());
      case TASK_GROUP_LAUNCHED -> of(event.getTaskGroupLaunched());
      case TASK_KILL_REQUESTED -> of(event.getTaskKillRequested());
      case STRAY_TASK_KILLED -> commanded(event.getStrayTaskKilled().getAgentId());
      case TASK_STATUS_ACKNOWLEDGED -> commanded(event.getTaskStatusAcknowledged().getAgentId());
      case UPDATE_DISOWNED -> commanded(event.getUpdateDisowned().getAgentId());
      case TASK_REFUSED -> of(event.getTaskRefused());
      case TASK_STATUS_UPDATED -> of(event.getTaskStatusUpdated());
      case TASK_STATUS_REPEATED -> of(event.getTaskStatusRepeated());
      case TASK_RECOVERED -> of(event.getTaskRecovered());
      case TASK_BECAME_UNREACHABLE -> of(event.getTaskBecameUnreachable());
      case TASKS_RECONCILED -> listener -> listener.asked(event.getTasksReconciled());

      case EXECUTOR_SHUTDOWN_REQUESTED ->
          commanded(event.getExecutorShutdownRequested().getAgentId());
      case MESSAGE_TO_EXECUTOR -> commanded(event.getMessageToExecutor().getAgentId());
      case MESSAGE_FROM_EXECUTOR -> of(event.getMessageFromExecutor());
      case EXECUTOR_EXITED -> of(event.getExecutorExited());

      case OPERATION_BEGUN -> commanded(event.getOperationBegun().getAgentId());
      case OPERATION_REFUSED -> of(event.getOperationRefused());
      case OPERATION_STATUS_UPDATED -> of(event.getOperationStatusUpdated());
      case OPERATION_STATUS_REPEATED -> of(event.getOperationStatusRepeated());
      case OPERATION_STATUS_ACKNOWLEDGED -> of(event.getOperationStatusAcknowledged());
      case OPERATION_UPDATE_DISOWNED -> commanded(event.getOperationUpdateDisowned().getAgentId());
      case OPERATIONS_RECONCILED -> listener -> listener.asked(event.getOperationsReconciled());

      case AGENT_REGISTERED -> linked(event.getAgentRegistered().getAgentId());
      case AGENT_RECONNECTED -> linked(event.getAgentReconnected().getAgentId());
      case AGENT_BECAME_UNREACHABLE -> of(event.getAgentBecameUnreachable());
      case AGENT_REMOVED -> of(event.getAgentRemoved());
      case AGENT_REACTIVATED -> commanded(event.getAgentReactivated().getAgentId());
      case AGENT_DRAIN_STARTED -> commanded(event.getAgentDrainStarted().getAgentId());

      case FRAMEWORK_DISCONNECTED -> nobody();
      case OFFERS_SUPPRESSED, OFFERS_REVIVED, OFFERS_REQUESTED, OFFER_ACCEPTED -> nobody();
      case OFFER_DECLINED, FILTER_INSTALLED, FILTER_REMOVED, ACCEPT_REMEMBERED -> nobody();
      case VARIABLE_STORED, VARIABLE_EXPUNGED -> nobody();
      case WEIGHTS_UPDATED, QUOTAS_UPDATED, LEADER_ELECTED, COMMANDS_CONFIRMED -> nobody();
      case EXECUTOR_REMOVED, OPERATION_FORGOTTEN, INVERSE_OFFER_ANSWERED -> nobody();
      case AGENT_DISCONNECTED, AGENT_DEACTIVATED, AGENT_DRAINED, AGENT_MARKED_GONE -> nobody();
      case GONE_AGENT_FORGOTTEN, MAINTENANCE_SCHEDULED, MACHINE_STATE_CHANGED -> nobody();
      case WHAT_NOT_SET -> nobody();
    };
  }

  // -- Frameworks and offers --------------------------------------------------------------------

  private static Audience of(FrameworkSubscribed event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    return listener -> listener.subscribed(id);
  }

  private static Audience of(SubscriptionRefused event) {
    return listener -> listener.refused(event.getStreamId(), event.getMessage());
  }

  private static Audience of(FrameworkRemoved event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    return listener -> listener.removed(id);
  }

  private static Audience of(FrameworkUpdated event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    return listener -> listener.updated(id);
  }

  private static Audience of(OfferRescinded event) {
    return offerVoid(event.getFrameworkId(), event.getOfferId(), false);
  }

  private static Audience of(OfferDiscarded event) {
    return offerVoid(event.getFrameworkId(), event.getOfferId(), true);
  }

  private static Audience of(InverseOfferExtended event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    return listener -> listener.inverseOffered(id, new OfferId(event.getOfferId()));
  }

  private static Audience of(InverseOfferRescinded event) {
    return framework(event.getFrameworkId(), MaintenanceEffects.rescind(event.getOfferId()));
  }

  // -- Tasks and executors ----------------------------------------------------------------------

  private static Audience of(TaskLaunched event) {
    return commanded(event.getTaskInfo().getAgentId().getValue());
  }

  private static Audience of(TaskGroupLaunched event) {
    return event.getTaskGroup().getTasksCount() == 0
        ? nobody()
        : commanded(event.getTaskGroup().getTasks(0).getAgentId().getValue());
  }

  private static Audience of(TaskKillRequested event) {
    TaskKey key = new TaskKey(new FrameworkId(event.getFrameworkId()), event.getTaskId());
    return listener -> listener.commandedFor(key);
  }

  private static Audience of(TaskRefused event) {
    return framework(event.getFrameworkId(), SchedulerEvents.update(event.getStatus()));
  }

  private static Audience of(TaskStatusUpdated event) {
    return framework(event.getFrameworkId(), SchedulerEvents.update(event.getStatus()));
  }

  private static Audience of(TaskStatusRepeated event) {
    return framework(event.getFrameworkId(), SchedulerEvents.update(event.getStatus()));
  }

  private static Audience of(TaskRecovered event) {
    return framework(event.getFrameworkId(), SchedulerEvents.update(event.getStatus()));
  }

  private static Audience of(TaskBecameUnreachable event) {
    return framework(event.getFrameworkId(), SchedulerEvents.update(event.getStatus()));
  }

  private static Audience of(MessageFromExecutor event) {
    return framework(event.getFrameworkId(), ExecutorEffects.message(event));
  }

  private static Audience of(ExecutorExited event) {
    return framework(event.getFrameworkId(), ExecutorEffects.failure(event));
  }

  // -- Operations -------------------------------------------------------------------------------

  private static Audience of(OperationRefused event) {
    return framework(event.getFrameworkId(), SchedulerEvents.operation(event.getStatus()));
  }

  /** An operator's operation has no framework, and its news no reader. */
  private static Audience of(OperationStatusUpdated event) {
    return event.hasFrameworkId()
        ? framework(event.getFrameworkId(), SchedulerEvents.operation(event.getStatus()))
        : nobody();
  }

  private static Audience of(OperationStatusRepeated event) {
    return framework(event.getFrameworkId(), SchedulerEvents.operation(event.getStatus()));
  }

  private static Audience of(OperationStatusAcknowledged event) {
    OperationKey key = new OperationKey(event.getUuid());
    return listener -> listener.commandedFor(key);
  }

  // -- Agents -----------------------------------------------------------------------------------

  private static Audience of(AgentBecameUnreachable event) {
    AgentId id = new AgentId(event.getAgentId());
    return listener -> {
      listener.everyFramework(SchedulerEvents.failure(id));
      listener.unreachable(id);
    };
  }

  private static Audience of(AgentRemoved event) {
    AgentId id = new AgentId(event.getAgentId());
    return listener -> {
      listener.everyFramework(SchedulerEvents.failure(id));
      listener.agentRemoved(id);
    };
  }

  // -- What several have in common --------------------------------------------------------------

  private static Audience nobody() {
    return listener -> {};
  }

  private static Audience framework(String id, io.quorate.protocol.v1.scheduler.Event news) {
    return listener -> listener.framework(new FrameworkId(id), news);
  }

  private static Audience offerVoid(String framework, String offer, boolean silently) {
    return listener -> listener.offerVoid(new FrameworkId(framework), new OfferId(offer), silently);
  }

  private static Audience commanded(String agent) {
    return listener -> listener.commanded(new AgentId(agent));
  }

  private static Audience linked(String agent) {
    return listener -> listener.linked(new AgentId(agent));
  }
}
