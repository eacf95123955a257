package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkDisconnected;
import io.quorate.master.event.FrameworkRemoved;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.FrameworkUpdated;
import io.quorate.master.event.OffersRequested;
import io.quorate.master.event.OffersRevived;
import io.quorate.master.event.OffersSuppressed;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import org.pcollections.TreePSet;

/** Applies the life of frameworks. */
final class FrameworkEvents {
  private FrameworkEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case FRAMEWORK_SUBSCRIBED -> apply(state, event.getFrameworkSubscribed());
      case FRAMEWORK_DISCONNECTED -> apply(state, event.getFrameworkDisconnected());
      case FRAMEWORK_REMOVED -> apply(state, event.getFrameworkRemoved());
      case FRAMEWORK_UPDATED -> apply(state, event.getFrameworkUpdated());
      case OFFERS_SUPPRESSED -> apply(state, event.getOffersSuppressed());
      case OFFERS_REQUESTED -> apply(state, event.getOffersRequested());
      case OFFERS_REVIVED -> apply(state, event.getOffersRevived());
      default -> throw new IllegalStateException("no event of frameworks: " + event.getWhatCase());
    };
  }

  /** What only the leader's change left without a stream keeps its inverse offers. */
  static MasterState apply(MasterState state, FrameworkSubscribed event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    if (!event.hasFrameworkInfo() || state.removed(id)) {
      return state;
    }
    boolean awaited = state.frameworks().find(id).filter(Framework::awaited).isPresent();
    MasterState next = awaited ? state : withoutInverseOffers(state, id);
    return next.subscribed(
        id,
        event.getFrameworkInfo(),
        event.getStreamId(),
        Framework.Wishes.of(event.getSuppressedRolesList(), event.getOfferConstraints()));
  }

  /**
   * Filters of roles that it left, or that it wants offers for again, go (Mesos 3.3). Agents that
   * run something of it are told.
   */
  static MasterState apply(MasterState state, FrameworkUpdated event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    Framework old = state.frameworks().find(id).orElse(null);
    if (old == null || !event.hasFrameworkInfo()) {
      return state;
    }
    Framework.Wishes wishes =
        Framework.Wishes.of(event.getSuppressedRolesList(), event.getOfferConstraints());
    MasterState next = state.updated(id, event.getFrameworkInfo(), wishes);
    Framework framework = next.frameworks().get(id);
    for (Filter filter : state.filtersOf(id)) {
      String role = filter.key().role();
      boolean left = !role.isEmpty() && !framework.roles().contains(role);
      boolean wanted =
          old.suppressedRoles().contains(role) && !framework.suppressedRoles().contains(role);
      if (left || wanted) {
        next = next.unfiltered(filter.key());
      }
    }
    if (!old.info().equals(event.getFrameworkInfo())) {
      Command.Builder command =
          Command.newBuilder()
              .setUpdateFramework(
                  Command.UpdateFramework.newBuilder().setFrameworkInfo(event.getFrameworkInfo()));
      for (AgentId agent : agentsOf(state, id)) {
        next = next.commanded(agent, command);
      }
    }
    return next;
  }

  /** The agents that run something of a framework; one that was removed runs nothing. */
  public static TreePSet<AgentId> agentsOf(MasterState state, FrameworkId id) {
    TreePSet<AgentId> agents = TreePSet.empty();
    for (Task task : state.tasksOf(id)) {
      agents = state.agents().has(task.agent()) ? agents.plus(task.agent()) : agents;
    }
    for (Executor executor : state.executorsOf(id)) {
      agents = agents.plus(executor.key().agent());
    }
    return agents;
  }

  /** Its filters vanish with its stream (CP-187). */
  static MasterState apply(MasterState state, FrameworkDisconnected event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    MasterState next = state.disconnected(id, event.getDeadlineNanos(), false);
    for (Filter filter : state.filtersOf(id)) {
      next = next.unfiltered(filter.key());
    }
    next = withoutInverseOffers(next, id);
    return next;
  }

  /**
   * Offers, filters and tasks go; every agent that has tasks of it is told to end them. The history
   * shows the tasks as killed by the removal, without a word to anybody (CP-114, CP-115).
   */
  static MasterState apply(MasterState state, FrameworkRemoved event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    if (!state.frameworks().has(id)) {
      return state;
    }
    MasterState next = state;
    for (OfferId offer : state.offersTo(id)) {
      next = next.withdrawn(offer);
    }
    for (Filter filter : state.filtersOf(id)) {
      next = next.unfiltered(filter.key());
    }
    TreePSet<AgentId> agents = agentsOf(state, id);
    for (Task task : state.tasksOf(id)) {
      if (!task.terminal()) {
        next = next.updated(task.key(), removedWithFramework(state, task), TaskState.TASK_KILLED);
      }
      next = next.completed(task.key());
    }
    for (Executor executor : state.executorsOf(id)) {
      next = next.ended(executor.key());
    }
    for (OperationKey operation : state.operationsOf(id)) {
      next = next.ended(operation);
    }
    next = withoutInverseOffers(next, id);
    for (AgentId agent : agents) {
      next = next.commanded(agent, shutdown(id));
    }
    int kept =
        event.hasCompletedFrameworksMax()
            ? event.getCompletedFrameworksMax()
            : MasterState.COMPLETED_FRAMEWORKS_MAX;
    return next.removed(id, state.cluster().timeNanos(), kept);
  }

  static MasterState apply(MasterState state, OffersSuppressed event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    return state
        .frameworks()
        .find(id)
        .map(Framework::suppressedRoles)
        .map(suppressed -> state.suppressing(id, suppressed.plusAll(event.getRolesList())))
        .orElse(state);
  }

  /** Its filters refuse no more, on these agents or, where none is named, on all. */
  static MasterState apply(MasterState state, OffersRequested event) {
    MasterState next = state;
    for (Filter filter : state.filtersOf(new FrameworkId(event.getFrameworkId()))) {
      boolean named =
          event.getAgentIdsCount() == 0
              || event.getAgentIdsList().contains(filter.key().agent().value());
      if (named && !filter.key().role().isEmpty()) {
        next = next.spent(filter.key());
      }
    }
    return next;
  }

  /** The filters of the revived roles refuse no more, and all for inverse offers go (CP-147). */
  static MasterState apply(MasterState state, OffersRevived event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    MasterState next =
        state
            .frameworks()
            .find(id)
            .map(Framework::suppressedRoles)
            .map(suppressed -> state.suppressing(id, suppressed.minusAll(event.getRolesList())))
            .orElse(state);
    for (Filter filter : state.filtersOf(id)) {
      String role = filter.key().role();
      if (role.isEmpty() || event.getRolesList().contains(role)) {
        boolean kept = !role.isEmpty() && event.getKeepsTurns();
        next = kept ? next.spent(filter.key()) : next.unfiltered(filter.key());
      }
    }
    return next;
  }

  private static MasterState withoutInverseOffers(MasterState state, FrameworkId id) {
    MasterState next = state;
    for (InverseOffer offer : state.inverseOffers().values()) {
      if (offer.framework().equals(id)) {
        next = next.inverseWithdrawn(offer.id());
      }
    }
    return next;
  }

  private static Command.Builder shutdown(FrameworkId id) {
    return Command.newBuilder()
        .setShutdownFramework(
            Command.ShutdownFramework.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(id.value())));
  }

  private static TaskStatus removedWithFramework(MasterState state, Task task) {
    return TaskStatus.newBuilder()
        .setTaskId(task.taskInfo().getTaskId())
        .setAgentId(AgentID.newBuilder().setValue(task.agent().value()))
        .setState(TaskState.TASK_KILLED)
        .setSource(TaskStatus.Source.SOURCE_MASTER)
        .setReason(TaskStatus.Reason.REASON_FRAMEWORK_REMOVED)
        .setMessage("Framework removed")
        .setTimestamp(FixedPoint.seconds(state.cluster().timeNanos()))
        .build();
  }
}
