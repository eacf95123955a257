package io.quorate.master.apply;

import io.quorate.master.event.FrameworkDisconnected;
import io.quorate.master.event.FrameworkRemoved;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.OffersRevived;
import io.quorate.master.event.OffersSuppressed;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.Filter;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.OfferId;
import io.quorate.master.state.Task;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import org.pcollections.TreePSet;

/** Applies the life of frameworks. */
final class FrameworkEvents {
  private static final double NANOS_PER_SECOND = 1e9;

  private FrameworkEvents() {}

  static MasterState apply(MasterState state, FrameworkSubscribed event) {
    return state.subscribed(
        new FrameworkId(event.getFrameworkId()),
        event.getFrameworkInfo(),
        event.getStreamId(),
        event.getSuppressedRolesList());
  }

  /** Its filters vanish with its stream (CP-187). */
  static MasterState apply(MasterState state, FrameworkDisconnected event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    MasterState next = state.disconnected(id, event.getDeadlineNanos(), false);
    for (Filter filter : state.filtersOf(id)) {
      next = next.unfiltered(filter.key());
    }
    return next;
  }

  /**
   * Offers, filters and tasks go; every agent that has tasks of it is told to end them. The history
   * shows the tasks as killed by the removal, without a word to anybody (CP-114, CP-115).
   */
  static MasterState apply(MasterState state, FrameworkRemoved event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    MasterState next = state;
    for (OfferId offer : state.offersTo(id)) {
      next = next.withdrawn(offer);
    }
    for (Filter filter : state.filtersOf(id)) {
      next = next.unfiltered(filter.key());
    }
    TreePSet<AgentId> agents = TreePSet.empty();
    for (Task task : state.tasksOf(id)) {
      agents = agents.plus(task.agent());
      if (!task.terminal()) {
        next = next.updated(task.key(), removedWithFramework(state, task), TaskState.TASK_KILLED);
      }
      next = next.completed(task.key());
    }
    for (AgentId agent : agents) {
      next = next.commanded(agent, shutdown(id));
    }
    return next.removed(id, state.cluster().timeNanos());
  }

  static MasterState apply(MasterState state, OffersSuppressed event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    TreePSet<String> suppressed = state.frameworks().get(id).suppressedRoles();
    return state.suppressing(id, suppressed.plusAll(event.getRolesList()));
  }

  /** The filters of the revived roles go (CP-147). */
  static MasterState apply(MasterState state, OffersRevived event) {
    FrameworkId id = new FrameworkId(event.getFrameworkId());
    TreePSet<String> suppressed = state.frameworks().get(id).suppressedRoles();
    MasterState next = state.suppressing(id, suppressed.minusAll(event.getRolesList()));
    for (Filter filter : state.filtersOf(id)) {
      if (event.getRolesList().contains(filter.key().role())) {
        next = next.unfiltered(filter.key());
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
        .setTimestamp(state.cluster().timeNanos() / NANOS_PER_SECOND)
        .build();
  }
}
