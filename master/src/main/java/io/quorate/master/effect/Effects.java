package io.quorate.master.effect;

import io.quorate.master.event.Event;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.state.Agent;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.Framework;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.OfferId;
import io.quorate.master.state.Task;
import io.quorate.master.state.TaskKey;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.AgentID;
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
          removed(before, after, new FrameworkId(event.getFrameworkRemoved().getFrameworkId()));

      case OFFER_EXTENDED -> extended.add(event.getOfferExtended());
      case OFFER_RESCINDED -> {
        OfferId id = new OfferId(event.getOfferRescinded().getOfferId());
        tell(after, before.offers().get(id).framework(), SchedulerEvents.rescind(id));
      }

      case TASK_LAUNCHED -> pump(event.getTaskLaunched().getTaskInfo().getAgentId().getValue());
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
      case TASKS_RECONCILED ->
          Reconciliation.answers(after, event.getTasksReconciled())
              .forEach(
                  status -> update(after, event.getTasksReconciled().getFrameworkId(), status));
      case TASK_RECOVERED -> recovered(before, after, event);

      case AGENT_REGISTERED ->
          linked(before, after, new AgentId(event.getAgentRegistered().getAgentId()));
      case AGENT_RECONNECTED ->
          linked(before, after, new AgentId(event.getAgentReconnected().getAgentId()));
      case AGENT_BECAME_UNREACHABLE ->
          unreachable(before, after, new AgentId(event.getAgentBecameUnreachable().getAgentId()));
      case AGENT_REMOVED -> {
        AgentId id = new AgentId(event.getAgentRemoved().getAgentId());
        failure(after, id);
        effects.add(new Effect.EndLink(before.agents().get(id).linkId()));
      }

      case LEADER_ELECTED,
          FRAMEWORK_DISCONNECTED,
          OFFERS_SUPPRESSED,
          OFFERS_REVIVED,
          OFFER_ACCEPTED,
          OFFER_DECLINED,
          OFFER_DISCARDED,
          FILTER_INSTALLED,
          FILTER_REMOVED,
          AGENT_DISCONNECTED,
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
  }

  private void removed(MasterState before, MasterState after, FrameworkId id) {
    Framework framework = before.frameworks().get(id);
    if (framework.connected()) {
      effects.add(new Effect.EndStream(framework.streamId()));
    }
    for (Task task : before.tasksOf(id)) {
      if (after.agents().has(task.agent())) {
        pump(task.agent().value());
      }
    }
  }

  /** A task is back with its agent (CP-270). */
  private void recovered(MasterState before, MasterState after, Event event) {
    String framework = event.getTaskRecovered().getFrameworkId();
    Task task = before.tasks().get(key(framework, event.getTaskRecovered().getTaskId()));
    update(
        after,
        framework,
        TaskStatus.newBuilder()
            .setTaskId(task.taskInfo().getTaskId())
            .setAgentId(AgentID.newBuilder().setValue(task.agent().value()))
            .setState(event.getTaskRecovered().getState())
            .setSource(TaskStatus.Source.SOURCE_MASTER)
            .setReason(TaskStatus.Reason.REASON_AGENT_REREGISTERED)
            .setMessage("Agent reregistered")
            .setTimestamp(Reconciliation.seconds(after))
            .build());
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
    effects.add(new Effect.StartCommands(id, agent.commandsDone()));
  }

  /** Each framework with tasks there hears of each, and every framework of the agent (CP-172). */
  private void unreachable(MasterState before, MasterState after, AgentId id) {
    for (TaskKey key : before.tasksOn(id)) {
      Task task = after.tasks().get(key);
      if (!task.terminal()) {
        update(after, key.framework().value(), Reconciliation.unreachable(after, task));
      }
    }
    failure(after, id);
    effects.add(new Effect.EndLink(before.agents().get(id).linkId()));
  }

  private void failure(MasterState after, AgentId id) {
    for (Framework framework : after.frameworks().values()) {
      tell(after, framework.id(), SchedulerEvents.failure(id));
    }
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
