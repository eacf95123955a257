package io.quorate.master.effect;

import io.quorate.master.event.Event;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.event.TasksReconciled;
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
    Audience.of(event).tell(new Live(before, after));
  }

  /** All effects of the call: the offers of a round are one OFFERS event per framework. */
  public List<Effect> all(MasterState after) {
    SchedulerEvents.offers(after, extended)
        .forEach((framework, event) -> tellFramework(after, framework, event));
    extended.clear();
    return effects;
  }

  /** Tells those whose stream or link is open; what rows are not there is nobody's. */
  private final class Live implements Audience.Listener {
    private final MasterState before;
    private final MasterState after;

    Live(MasterState before, MasterState after) {
      this.before = before;
      this.after = after;
    }

    @Override
    public void framework(FrameworkId id, io.quorate.protocol.v1.scheduler.Event news) {
      tellFramework(after, id, news);
    }

    @Override
    public void everyFramework(io.quorate.protocol.v1.scheduler.Event news) {
      for (Framework framework : after.frameworks().values()) {
        framework(framework.id(), news);
      }
    }

    @Override
    public void offered(OfferExtended offer) {
      extended.add(offer);
    }

    @Override
    public void inverseOffered(FrameworkId id, OfferId offer) {
      after
          .inverseOffers()
          .find(offer)
          .ifPresent(made -> framework(id, MaintenanceEffects.inverseOffers(after, List.of(made))));
    }

    @Override
    public void offerVoid(FrameworkId id, OfferId offer, boolean silently) {
      if (!silently) {
        framework(id, SchedulerEvents.rescind(offer));
      }
    }

    @Override
    public void asked(TasksReconciled question) {
      FrameworkId id = new FrameworkId(question.getFrameworkId());
      if (after.frameworks().has(id)) {
        Reconciliation.answers(after, question)
            .forEach(status -> framework(id, SchedulerEvents.update(status)));
        Reconciliation.orphanedUpdates(after, id)
            .forEach(status -> framework(id, SchedulerEvents.update(status)));
      }
    }

    @Override
    public void asked(OperationsReconciled question) {
      FrameworkId id = new FrameworkId(question.getFrameworkId());
      OperationReconciliation.answers(after, question)
          .forEach(status -> framework(id, SchedulerEvents.operation(status)));
    }

    /**
     * The older stream, if any, is told and ended (CP-102). The new one gets SUBSCRIBED, then the
     * offers that outlived a change of leader, then the updates that were never acknowledged:
     * nobody needs to wait for an agent to send them again.
     */
    @Override
    public void subscribed(FrameworkId id) {
      before
          .frameworks()
          .find(id)
          .filter(Framework::connected)
          .ifPresent(old -> refused(old.streamId(), "Framework failed over"));
      Framework framework = after.frameworks().get(id);
      framework(id, SchedulerEvents.subscribed(framework, after.cluster().leader()));
      List<OfferExtended> outstanding = new ArrayList<>();
      for (OfferId offer : after.offersTo(id)) {
        outstanding.add(SchedulerEvents.extended(after.offers().get(offer)));
      }
      SchedulerEvents.offers(after, outstanding).forEach(this::framework);
      for (Task task : after.tasksOf(id)) {
        if (task.pending().hasUuid()) {
          framework(id, SchedulerEvents.update(task.pending()));
        }
      }
      for (OperationKey key : after.operationsOf(id)) {
        Operation operation = after.operations().get(key);
        if (operation.pendingAcknowledgement()) {
          framework(id, SchedulerEvents.operation(operation.status()));
        }
      }
      for (InverseOffer offer : after.inverseOffers().values()) {
        if (offer.framework().equals(id)) {
          framework(id, MaintenanceEffects.inverseOffers(after, List.of(offer)));
        }
      }
    }

    @Override
    public void refused(String streamId, String why) {
      effects.add(new Effect.ToScheduler(streamId, SchedulerEvents.error(why)));
      effects.add(new Effect.EndStream(streamId));
    }

    @Override
    public void removed(FrameworkId id) {
      before
          .frameworks()
          .find(id)
          .filter(Framework::connected)
          .ifPresent(old -> effects.add(new Effect.EndStream(old.streamId())));
      for (Task task : before.tasksOf(id)) {
        commanded(task.agent());
      }
      for (Executor executor : before.executorsOf(id)) {
        commanded(executor.key().agent());
      }
    }

    @Override
    public void updated(FrameworkId id) {
      for (Agent agent : after.agents().values()) {
        boolean told =
            before
                .agents()
                .find(agent.id())
                .filter(old -> old.lastCommand() < agent.lastCommand())
                .isPresent();
        if (told) {
          commanded(agent.id());
        }
      }
    }

    @Override
    public void commanded(AgentId id) {
      effects.add(new Effect.PumpCommands(id));
    }

    @Override
    public void commandedFor(TaskKey task) {
      before.tasks().find(task).ifPresent(known -> commanded(known.agent()));
    }

    @Override
    public void commandedFor(OperationKey operation) {
      before.operations().find(operation).ifPresent(known -> commanded(known.agent()));
    }

    @Override
    public void linked(AgentId id) {
      endLink(id);
      Agent agent = after.agents().get(id);
      AgentEvent.Subscribed.Builder subscribed =
          AgentEvent.Subscribed.newBuilder()
              .setAgentId(AgentID.newBuilder().setValue(id.value()))
              .setMasterInfo(after.cluster().leader())
              .setPingIntervalSeconds(terms.pingIntervalSeconds())
              .setTotalPingTimeoutSeconds(terms.totalPingTimeoutSeconds());
      effects.add(
          new Effect.ToAgent(
              agent.linkId(),
              AgentEvent.newBuilder()
                  .setType(AgentEvent.Type.SUBSCRIBED)
                  .setTerm(after.cluster().leaderTerm())
                  .setSubscribed(subscribed)
                  .build()));
      effects.add(new Effect.StartCommands(id, agent.linkId(), agent.commandsDone()));
    }

    /** What becomes of its tasks is told task by task (CP-172). */
    @Override
    public void unreachable(AgentId id) {
      endLink(id);
    }

    /** By whomever it was removed: it may not go on under its id. */
    @Override
    public void agentRemoved(AgentId id) {
      before
          .agents()
          .find(id)
          .filter(Agent::connected)
          .ifPresent(
              agent ->
                  effects.add(
                      new Effect.ToAgent(
                          agent.linkId(),
                          AgentEvent.newBuilder()
                              .setType(AgentEvent.Type.SHUTDOWN)
                              .setTerm(after.cluster().leaderTerm())
                              .setMessage("The agent was removed")
                              .build())));
      endLink(id);
    }

    private void endLink(AgentId id) {
      before
          .agents()
          .find(id)
          .filter(Agent::connected)
          .ifPresent(old -> effects.add(new Effect.EndLink(old.linkId())));
    }
  }

  private void tellFramework(
      MasterState after, FrameworkId id, io.quorate.protocol.v1.scheduler.Event news) {
    after
        .frameworks()
        .find(id)
        .filter(Framework::connected)
        .ifPresent(to -> effects.add(new Effect.ToScheduler(to.streamId(), news)));
  }
}
