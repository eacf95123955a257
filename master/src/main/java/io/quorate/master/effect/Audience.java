package io.quorate.master.effect;

import io.quorate.master.event.Event;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.OperationsReconciled;
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

  /** The audience of an event. */
  static Audience of(Event event) {
    return switch (event.getWhatCase()) {
      case FRAMEWORK_SUBSCRIBED -> {
        FrameworkId id = new FrameworkId(event.getFrameworkSubscribed().getFrameworkId());
        yield listener -> listener.subscribed(id);
      }
      case SUBSCRIPTION_REFUSED ->
          listener ->
              listener.refused(
                  event.getSubscriptionRefused().getStreamId(),
                  event.getSubscriptionRefused().getMessage());
      case FRAMEWORK_REMOVED -> {
        FrameworkId id = new FrameworkId(event.getFrameworkRemoved().getFrameworkId());
        yield listener -> listener.removed(id);
      }
      case FRAMEWORK_UPDATED -> {
        FrameworkId id = new FrameworkId(event.getFrameworkUpdated().getFrameworkId());
        yield listener -> listener.updated(id);
      }

      case OFFER_EXTENDED -> listener -> listener.offered(event.getOfferExtended());
      case OFFER_RESCINDED -> {
        var over = event.getOfferRescinded();
        yield offerVoid(over.getFrameworkId(), over.getOfferId(), false);
      }
      case OFFER_DISCARDED -> {
        var over = event.getOfferDiscarded();
        yield offerVoid(over.getFrameworkId(), over.getOfferId(), true);
      }
      case INVERSE_OFFER_EXTENDED -> {
        var made = event.getInverseOfferExtended();
        yield listener ->
            listener.inverseOffered(
                new FrameworkId(made.getFrameworkId()), new OfferId(made.getOfferId()));
      }
      case INVERSE_OFFER_RESCINDED -> {
        var over = event.getInverseOfferRescinded();
        yield framework(over.getFrameworkId(), MaintenanceEffects.rescind(over.getOfferId()));
      }

      case TASK_LAUNCHED ->
          commanded(event.getTaskLaunched().getTaskInfo().getAgentId().getValue());
      case TASK_GROUP_LAUNCHED ->
          event.getTaskGroupLaunched().getTaskGroup().getTasksCount() == 0
              ? nobody()
              : commanded(
                  event.getTaskGroupLaunched().getTaskGroup().getTasks(0).getAgentId().getValue());
      case TASK_KILL_REQUESTED -> {
        var kill = event.getTaskKillRequested();
        TaskKey key = new TaskKey(new FrameworkId(kill.getFrameworkId()), kill.getTaskId());
        yield listener -> listener.commandedFor(key);
      }
      case STRAY_TASK_KILLED -> commanded(event.getStrayTaskKilled().getAgentId());
      case TASK_STATUS_ACKNOWLEDGED -> commanded(event.getTaskStatusAcknowledged().getAgentId());
      case UPDATE_DISOWNED -> commanded(event.getUpdateDisowned().getAgentId());
      case TASK_REFUSED -> {
        var news = event.getTaskRefused();
        yield framework(news.getFrameworkId(), SchedulerEvents.update(news.getStatus()));
      }
      case TASK_STATUS_UPDATED -> {
        var news = event.getTaskStatusUpdated();
        yield framework(news.getFrameworkId(), SchedulerEvents.update(news.getStatus()));
      }
      case TASK_STATUS_REPEATED -> {
        var news = event.getTaskStatusRepeated();
        yield framework(news.getFrameworkId(), SchedulerEvents.update(news.getStatus()));
      }
      case TASK_RECOVERED -> {
        var news = event.getTaskRecovered();
        yield framework(news.getFrameworkId(), SchedulerEvents.update(news.getStatus()));
      }
      case TASK_BECAME_UNREACHABLE -> {
        var news = event.getTaskBecameUnreachable();
        yield framework(news.getFrameworkId(), SchedulerEvents.update(news.getStatus()));
      }
      case TASKS_RECONCILED -> listener -> listener.asked(event.getTasksReconciled());

      case EXECUTOR_SHUTDOWN_REQUESTED ->
          commanded(event.getExecutorShutdownRequested().getAgentId());
      case MESSAGE_TO_EXECUTOR -> commanded(event.getMessageToExecutor().getAgentId());
      case MESSAGE_FROM_EXECUTOR -> {
        var news = event.getMessageFromExecutor();
        yield framework(news.getFrameworkId(), ExecutorEffects.message(news));
      }
      case EXECUTOR_EXITED -> {
        var news = event.getExecutorExited();
        yield framework(news.getFrameworkId(), ExecutorEffects.failure(news));
      }

      case OPERATION_BEGUN -> commanded(event.getOperationBegun().getAgentId());
      case OPERATION_REFUSED -> {
        var news = event.getOperationRefused();
        yield framework(news.getFrameworkId(), SchedulerEvents.operation(news.getStatus()));
      }
      case OPERATION_STATUS_UPDATED -> {
        var news = event.getOperationStatusUpdated();
        yield news.hasFrameworkId()
            ? framework(news.getFrameworkId(), SchedulerEvents.operation(news.getStatus()))
            : nobody();
      }
      case OPERATION_STATUS_REPEATED -> {
        var news = event.getOperationStatusRepeated();
        yield framework(news.getFrameworkId(), SchedulerEvents.operation(news.getStatus()));
      }
      case OPERATION_STATUS_ACKNOWLEDGED -> {
        OperationKey key = new OperationKey(event.getOperationStatusAcknowledged().getUuid());
        yield listener -> listener.commandedFor(key);
      }
      case OPERATION_UPDATE_DISOWNED -> commanded(event.getOperationUpdateDisowned().getAgentId());
      case OPERATIONS_RECONCILED -> listener -> listener.asked(event.getOperationsReconciled());

      case AGENT_REGISTERED -> linked(event.getAgentRegistered().getAgentId());
      case AGENT_RECONNECTED -> linked(event.getAgentReconnected().getAgentId());
      case AGENT_BECAME_UNREACHABLE -> {
        AgentId id = new AgentId(event.getAgentBecameUnreachable().getAgentId());
        yield listener -> {
          listener.everyFramework(SchedulerEvents.failure(id));
          listener.unreachable(id);
        };
      }
      case AGENT_REMOVED -> {
        AgentId id = new AgentId(event.getAgentRemoved().getAgentId());
        yield listener -> {
          listener.everyFramework(SchedulerEvents.failure(id));
          listener.agentRemoved(id);
        };
      }
      case AGENT_REACTIVATED -> commanded(event.getAgentReactivated().getAgentId());
      case AGENT_DRAIN_STARTED -> commanded(event.getAgentDrainStarted().getAgentId());

      case LEADER_ELECTED,
          FRAMEWORK_DISCONNECTED,
          OFFERS_SUPPRESSED,
          OFFERS_REVIVED,
          OFFERS_REQUESTED,
          WEIGHTS_UPDATED,
          QUOTAS_UPDATED,
          OFFER_ACCEPTED,
          OFFER_DECLINED,
          FILTER_INSTALLED,
          FILTER_REMOVED,
          ACCEPT_REMEMBERED,
          EXECUTOR_REMOVED,
          OPERATION_FORGOTTEN,
          AGENT_DISCONNECTED,
          AGENT_DEACTIVATED,
          AGENT_DRAINED,
          AGENT_MARKED_GONE,
          GONE_AGENT_FORGOTTEN,
          MAINTENANCE_SCHEDULED,
          MACHINE_STATE_CHANGED,
          INVERSE_OFFER_ANSWERED,
          COMMANDS_CONFIRMED,
          WHAT_NOT_SET ->
          nobody();
    };
  }

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
