package io.quorate.master.effect;

import io.quorate.master.event.Event;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;

/** Each event and what the world is told about it. One instance per call: it batches its offers. */
public final class Effects {
  private final LinkTerms terms;
  private final List<Effect> effects = new ArrayList<>();
  private final List<OfferExtended> extended = new ArrayList<>();

  /** What agents are told about the ping budget when a link opens. */
  public record LinkTerms(double pingIntervalSeconds, double totalPingTimeoutSeconds) {}

  public Effects(LinkTerms terms) {
    this.terms = terms;
  }

  /** Adds what one event of the call means outside. */
  public void add(MasterState before, Event event, MasterState after) {
    switch (event.getWhatCase()) {
      case FRAMEWORK_SUBSCRIBED ->
          subscribed(
              before, after, new FrameworkId(event.getFrameworkSubscribed().getFrameworkId()));
      case SUBSCRIPTION_REFUSED -> {
        String stream = event.getSubscriptionRefused().getStreamId();
        effects.add(
            new Effect.ToScheduler(
                stream, SchedulerEvents.error(event.getSubscriptionRefused().getMessage())));
        effects.add(new Effect.EndStream(stream));
      }
      case FRAMEWORK_REMOVED ->
          removed(before, new FrameworkId(event.getFrameworkRemoved().getFrameworkId()));

      case OFFER_EXTENDED -> extended.add(event.getOfferExtended());
      case OFFER_RESCINDED -> {
        OfferId id = new OfferId(event.getOfferRescinded().getOfferId());
        tell(after, before.offers().get(id).framework(), SchedulerEvents.rescind(id));
      }

      case INVERSE_OFFER_EXTENDED -> {
        OfferId id = new OfferId(event.getInverseOfferExtended().getOfferId());
        InverseOffer offer = after.inverseOffers().get(id);
        tell(after, offer.framework(), MaintenanceEvents.inverseOffers(after, List.of(offer)));
      }
      case INVERSE_OFFER_RESCINDED ->
          tell(
              after,
              new FrameworkId(event.getInverseOfferRescinded().getFrameworkId()),
              MaintenanceEvents.rescind(event.getInverseOfferRescinded().getOfferId()));

      case TASK_LAUNCHED -> pump(event.getTaskLaunched().getTaskInfo().getAgentId().getValue());
      case TASK_GROUP_LAUNCHED ->
          pump(event.getTaskGroupLaunched().getTaskGroup().getTasks(0).getAgentId().getValue());
      case STRAY_TASK_KILLED -> pump(event.getStrayTaskKilled().getAgentId());
      case TASK_KILL_REQUESTED ->
          pump(
              before
                  .tasks()
                  .get(
                      key(
                          event.getTaskKillRequested().getFrameworkId(),
                          event.getTaskKillRequested().getTaskId()))
                  .agent()
                  .value());
      case TASK_STATUS_ACKNOWLEDGED -> pump(event.getTaskStatusAcknowledged().getAgentId());
      case UPDATE_DISOWNED -> pump(event.getUpdateDisowned().getAgentId());
      case TASK_REFUSED ->
          update(
              after, event.getTaskRefused().getFrameworkId(), event.getTaskRefused().getStatus());
      case TASK_STATUS_UPDATED ->
          update(
              after,
              event.getTaskStatusUpdated().getFrameworkId(),
              event.getTaskStatusUpdated().getStatus());
      case TASK_STATUS_REPEATED ->
          update(
              after,
              event.getTaskStatusRepeated().getFrameworkId(),
              event.getTaskStatusRepeated().getStatus());
      case TASKS_RECONCILED -> {
        FrameworkId id = new FrameworkId(event.getTasksReconciled().getFrameworkId());
        Reconciliation.answers(after, event.getTasksReconciled())
            .forEach(status -> update(after, id.value(), status));
        Reconciliation.orphanedUpdates(after, id)
            .forEach(status -> update(after, id.value(), status));
      }
      case TASK_RECOVERED ->
          update(
              after,
              event.getTaskRecovered().getFrameworkId(),
              event.getTaskRecovered().getStatus());
      case TASK_BECAME_UNREACHABLE ->
          update(
              after,
              event.getTaskBecameUnreachable().getFrameworkId(),
              event.getTaskBecameUnreachable().getStatus());

      case FRAMEWORK_UPDATED -> {
        for (Agent agent : after.agents().values()) {
          if (agent.lastCommand() > before.agents().get(agent.id()).lastCommand()) {
            pump(agent.id().value());
          }
        }
      }

      case EXECUTOR_SHUTDOWN_REQUESTED -> pump(event.getExecutorShutdownRequested().getAgentId());
      case MESSAGE_TO_EXECUTOR -> pump(event.getMessageToExecutor().getAgentId());
      case MESSAGE_FROM_EXECUTOR ->
          tell(
              after,
              new FrameworkId(event.getMessageFromExecutor().getFrameworkId()),
              ExecutorEvents.message(event.getMessageFromExecutor()));
      case EXECUTOR_EXITED ->
          tell(
              after,
              new FrameworkId(event.getExecutorExited().getFrameworkId()),
              ExecutorEvents.failure(event.getExecutorExited()));

      case OPERATION_BEGUN -> pump(event.getOperationBegun().getAgentId());
      case OPERATION_REFUSED ->
          operation(
              after,
              event.getOperationRefused().getFrameworkId(),
              event.getOperationRefused().getStatus());
      case OPERATION_STATUS_UPDATED -> {
        if (event.getOperationStatusUpdated().hasFrameworkId()) {
          operation(
              after,
              event.getOperationStatusUpdated().getFrameworkId(),
              event.getOperationStatusUpdated().getStatus());
        }
      }
      case OPERATION_STATUS_REPEATED ->
          operation(
              after,
              event.getOperationStatusRepeated().getFrameworkId(),
              event.getOperationStatusRepeated().getStatus());
      case OPERATION_STATUS_ACKNOWLEDGED ->
          pump(
              before
                  .operations()
                  .get(new OperationKey(event.getOperationStatusAcknowledged().getUuid()))
                  .agent()
                  .value());
      case OPERATION_UPDATE_DISOWNED -> pump(event.getOperationUpdateDisowned().getAgentId());
      case OPERATIONS_RECONCILED ->
          OperationReconciliation.answers(after, event.getOperationsReconciled())
              .forEach(
                  status ->
                      operation(after, event.getOperationsReconciled().getFrameworkId(), status));

      case AGENT_REGISTERED ->
          linked(before, after, new AgentId(event.getAgentRegistered().getAgentId()));
      case AGENT_RECONNECTED ->
          linked(before, after, new AgentId(event.getAgentReconnected().getAgentId()));
      case AGENT_BECAME_UNREACHABLE ->
          unreachable(before, after, new AgentId(event.getAgentBecameUnreachable().getAgentId()));
      case AGENT_REMOVED -> {
        AgentId id = new AgentId(event.getAgentRemoved().getAgentId());
        failure(after, id);
        shutDown(after, before.agents().get(id));
      }
      case AGENT_REACTIVATED -> pump(event.getAgentReactivated().getAgentId());
      case AGENT_DRAIN_STARTED -> pump(event.getAgentDrainStarted().getAgentId());

      case LEADER_ELECTED,
          FRAMEWORK_DISCONNECTED,
          OFFERS_SUPPRESSED,
          OFFERS_REVIVED,
          OFFERS_REQUESTED,
          WEIGHTS_UPDATED,
          QUOTAS_UPDATED,
          OFFER_ACCEPTED,
          OFFER_DECLINED,
          OFFER_DISCARDED,
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
          WHAT_NOT_SET -> {}
    }
  }

  /** All effects of the call: the offers of a round are one OFFERS event per framework. */
  public List<Effect> all(MasterState after) {
    SchedulerEvents.offers(after, extended)
        .forEach((framework, event) -> tell(after, framework, event));
    extended.clear();
    return effects;
  }

  /**
   * The older stream, if any, is told and ended (CP-102). The new one gets SUBSCRIBED, then the
   * offers that outlived a change of leader, then the updates that were never acknowledged: nobody
   * needs to wait for an agent to send them again.
   */
  private void subscribed(MasterState before, MasterState after, FrameworkId id) {
    before
        .frameworks()
        .find(id)
        .filter(Framework::connected)
        .ifPresent(
            old -> {
              effects.add(
                  new Effect.ToScheduler(
                      old.streamId(), SchedulerEvents.error("Framework failed over")));
              effects.add(new Effect.EndStream(old.streamId()));
            });
    Framework framework = after.frameworks().get(id);
    tell(after, id, SchedulerEvents.subscribed(framework, after.cluster().leader()));
    List<OfferExtended> outstanding = new ArrayList<>();
    for (OfferId offer : after.offersTo(id)) {
      outstanding.add(SchedulerEvents.extended(after.offers().get(offer)));
    }
    SchedulerEvents.offers(after, outstanding).forEach((to, event) -> tell(after, to, event));
    for (Task task : after.tasksOf(id)) {
      if (task.pending().hasUuid()) {
        update(after, id.value(), task.pending());
      }
    }
    for (OperationKey key : after.operationsOf(id)) {
      Operation operation = after.operations().get(key);
      if (operation.pendingAcknowledgement()) {
        operation(after, id.value(), operation.status());
      }
    }
    for (InverseOffer offer : after.inverseOffers().values()) {
      if (offer.framework().equals(id)) {
        tell(after, id, MaintenanceEvents.inverseOffers(after, List.of(offer)));
      }
    }
  }

  private void removed(MasterState before, FrameworkId id) {
    Framework framework = before.frameworks().get(id);
    if (framework.connected()) {
      effects.add(new Effect.EndStream(framework.streamId()));
    }
    for (Task task : before.tasksOf(id)) {
      pump(task.agent().value());
    }
    for (Executor executor : before.executorsOf(id)) {
      pump(executor.key().agent().value());
    }
  }

  private void linked(MasterState before, MasterState after, AgentId id) {
    before
        .agents()
        .find(id)
        .filter(Agent::connected)
        .ifPresent(old -> effects.add(new Effect.EndLink(old.linkId())));
    Agent agent = after.agents().get(id);
    effects.add(
        new Effect.ToAgent(
            agent.linkId(),
            AgentEvent.newBuilder()
                .setType(AgentEvent.Type.SUBSCRIBED)
                .setTerm(after.cluster().leaderTerm())
                .setSubscribed(
                    AgentEvent.Subscribed.newBuilder()
                        .setAgentId(AgentID.newBuilder().setValue(id.value()))
                        .setMasterInfo(after.cluster().leader())
                        .setPingIntervalSeconds(terms.pingIntervalSeconds())
                        .setTotalPingTimeoutSeconds(terms.totalPingTimeoutSeconds()))
                .build()));
    effects.add(new Effect.StartCommands(id, agent.linkId(), agent.commandsDone()));
  }

  /** What becomes of its tasks is told task by task (CP-172). */
  private void unreachable(MasterState before, MasterState after, AgentId id) {
    failure(after, id);
    effects.add(new Effect.EndLink(before.agents().get(id).linkId()));
  }

  /** Removed, by whomever: it may not go on under its id. */
  private void shutDown(MasterState after, Agent agent) {
    effects.add(
        new Effect.ToAgent(
            agent.linkId(),
            AgentEvent.newBuilder()
                .setType(AgentEvent.Type.SHUTDOWN)
                .setTerm(after.cluster().leaderTerm())
                .setMessage("The agent was removed")
                .build()));
    effects.add(new Effect.EndLink(agent.linkId()));
  }

  private void failure(MasterState after, AgentId id) {
    for (Framework framework : after.frameworks().values()) {
      tell(after, framework.id(), SchedulerEvents.failure(id));
    }
  }

  private void operation(MasterState after, String framework, OperationStatus status) {
    tell(after, new FrameworkId(framework), SchedulerEvents.operation(status));
  }

  private void update(MasterState after, String framework, TaskStatus status) {
    tell(after, new FrameworkId(framework), SchedulerEvents.update(status));
  }

  private void tell(
      MasterState after, FrameworkId id, io.quorate.protocol.v1.scheduler.Event event) {
    after
        .frameworks()
        .find(id)
        .filter(Framework::connected)
        .ifPresent(to -> effects.add(new Effect.ToScheduler(to.streamId(), event)));
  }

  private void pump(String agent) {
    effects.add(new Effect.PumpCommands(new AgentId(agent)));
  }

  private static TaskKey key(String framework, String task) {
    return new TaskKey(new FrameworkId(framework), task);
  }
}
