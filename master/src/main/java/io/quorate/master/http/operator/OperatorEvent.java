package io.quorate.master.http.operator;

import io.quorate.master.http.access.Visibility;
import io.quorate.master.leader.MasterMachine.Commit;
import io.quorate.master.leader.MasterMachine.Step;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.master.Event;
import io.quorate.protocol.v1.master.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One event of the operators' stream (Mesos 6.2), made of a committed one: a function of the log
 * alone, so that every master tells the same at the same index.
 *
 * @param message as it is told to whoever may see everything
 * @param framework whose event it is; empty for those of agents
 * @param task whose event it is; empty for those of frameworks and agents
 */
public record OperatorEvent(Event message, Optional<Framework> framework, Optional<Task> task) {

  /** All that a committed entry means to operators, in its order. */
  public static List<OperatorEvent> of(Commit commit) {
    List<OperatorEvent> events = new ArrayList<>();
    for (List<Step> call : commit.calls()) {
      for (Step step : call) {
        new Reading(step, commit.position().index(), events).read();
      }
    }
    return events;
  }

  /** What a principal is told; empty if it may not know of that at all (CP-457). */
  public Optional<Event> shownTo(Visibility visible) {
    boolean shown =
        framework.map(visible::framework).orElse(true)
            && task.map(known -> visible.task(framework.orElseThrow(), known)).orElse(true);
    if (!shown) {
      return Optional.empty();
    }
    return Optional.of(message.hasAgentAdded() ? withoutHiddenResources(visible) : message);
  }

  private Event withoutHiddenResources(Visibility visible) {
    Event.Builder event = message.toBuilder();
    Response.GetAgents.Agent.Builder agent = event.getAgentAddedBuilder().getAgentBuilder();
    Response.GetAgents.Agent all = message.getAgentAdded().getAgent();
    agent
        .clearTotalResources()
        .addAllTotalResources(visible.resources(all.getTotalResourcesList()))
        .clearAllocatedResources()
        .addAllAllocatedResources(visible.resources(all.getAllocatedResourcesList()))
        .clearOfferedResources()
        .addAllOfferedResources(visible.resources(all.getOfferedResourcesList()));
    return event.build();
  }

  /** One committed event is read. */
  private static final class Reading {
    private final Step step;
    private final MasterState before;
    private final MasterState after;
    private final long index;
    private final List<OperatorEvent> events;

    Reading(Step step, long index, List<OperatorEvent> events) {
      this.step = step;
      this.before = step.before();
      this.after = step.after();
      this.index = index;
      this.events = events;
    }

    void read() {
      var event = step.event();
      switch (event.getWhatCase()) {
        case FRAMEWORK_SUBSCRIBED -> framework(event.getFrameworkSubscribed().getFrameworkId());
        case FRAMEWORK_UPDATED -> framework(event.getFrameworkUpdated().getFrameworkId());
        case FRAMEWORK_DISCONNECTED -> framework(event.getFrameworkDisconnected().getFrameworkId());
        case FRAMEWORK_REMOVED ->
            frameworkRemoved(new FrameworkId(event.getFrameworkRemoved().getFrameworkId()));
        case TASK_LAUNCHED ->
            launched(
                event.getTaskLaunched().getFrameworkId(), event.getTaskLaunched().getTaskInfo());
        case TASK_GROUP_LAUNCHED ->
            event
                .getTaskGroupLaunched()
                .getTaskGroup()
                .getTasksList()
                .forEach(task -> launched(event.getTaskGroupLaunched().getFrameworkId(), task));
        case TASK_STATUS_UPDATED ->
            updated(
                event.getTaskStatusUpdated().getFrameworkId(),
                event.getTaskStatusUpdated().getStatus());
        case TASK_RECOVERED ->
            updated(
                event.getTaskRecovered().getFrameworkId(), event.getTaskRecovered().getStatus());
        case TASK_BECAME_UNREACHABLE ->
            updated(
                event.getTaskBecameUnreachable().getFrameworkId(),
                event.getTaskBecameUnreachable().getStatus());
        case AGENT_REGISTERED -> agent(event.getAgentRegistered().getAgentId());
        case AGENT_RECONNECTED -> agent(event.getAgentReconnected().getAgentId());
        case AGENT_REMOVED -> agentRemoved(event.getAgentRemoved().getAgentId());
        case AGENT_MARKED_GONE -> agentRemoved(event.getAgentMarkedGone().getAgentId());
        default -> {
          // Offers, filters, operations, executors and the like have no event in this stream.
        }
      }
    }

    private void add(Event.Builder message, Framework framework, Task task) {
      events.add(
          new OperatorEvent(
              message.setLogIndex(index).build(),
              Optional.ofNullable(framework),
              Optional.ofNullable(task)));
    }

    /** A framework is new, or something that is shown of it changed. */
    private void framework(String id) {
      FrameworkId key = new FrameworkId(id);
      Framework framework = after.frameworks().find(key).orElse(null);
      if (framework == null) {
        return;
      }
      var shown = new EntityMessages(after, Visibility.ALL).framework(framework);
      Event.Builder message = Event.newBuilder();
      if (before.frameworks().has(key)) {
        message
            .setType(Event.Type.FRAMEWORK_UPDATED)
            .getFrameworkUpdatedBuilder()
            .setFramework(shown);
      } else {
        message.setType(Event.Type.FRAMEWORK_ADDED).getFrameworkAddedBuilder().setFramework(shown);
      }
      add(message, framework, null);
    }

    /** Its tasks end with it. */
    private void frameworkRemoved(FrameworkId id) {
      Framework framework = before.frameworks().find(id).orElse(null);
      if (framework == null) {
        return;
      }
      for (Task task : before.tasksOf(id)) {
        if (!task.terminal()) {
          TaskStatus killed =
              TaskStatus.newBuilder()
                  .setTaskId(TaskID.newBuilder().setValue(task.key().taskId()))
                  .setAgentId(task.taskInfo().getAgentId())
                  .setState(TaskState.TASK_KILLED)
                  .setMessage("Framework " + id.value() + " removed")
                  .build();
          add(taskUpdated(id, killed, TaskState.TASK_KILLED), framework, task);
        }
      }
      Event.Builder message = Event.newBuilder().setType(Event.Type.FRAMEWORK_REMOVED);
      message.getFrameworkRemovedBuilder().setFrameworkInfo(framework.info());
      add(message, framework, null);
    }

    private void launched(String framework, TaskInfo info) {
      FrameworkId id = new FrameworkId(framework);
      TaskKey key = new TaskKey(id, info.getTaskId().getValue());
      Task task = after.tasks().find(key).orElse(null);
      Framework owner = after.frameworks().find(id).orElse(null);
      if (task != null && owner != null) {
        Event.Builder message = Event.newBuilder().setType(Event.Type.TASK_ADDED);
        message.getTaskAddedBuilder().setTask(EntityMessages.task(task));
        add(message, owner, task);
      }
    }

    /** The state is the latest that the agent told, which the status may lag behind. */
    private void updated(String framework, TaskStatus status) {
      FrameworkId id = new FrameworkId(framework);
      TaskKey key = new TaskKey(id, status.getTaskId().getValue());
      Task task = after.tasks().find(key).or(() -> before.tasks().find(key)).orElse(null);
      Framework owner = after.frameworks().find(id).orElse(null);
      if (task != null && owner != null) {
        TaskState state = after.tasks().has(key) ? task.state() : status.getState();
        add(taskUpdated(id, status, state), owner, task);
      }
    }

    private static Event.Builder taskUpdated(FrameworkId id, TaskStatus status, TaskState state) {
      Event.Builder message = Event.newBuilder().setType(Event.Type.TASK_UPDATED);
      message
          .getTaskUpdatedBuilder()
          .setFrameworkId(FrameworkID.newBuilder().setValue(id.value()))
          .setStatus(status)
          .setState(state);
      return message;
    }

    /** An agent is new, or came back after it had been given up. */
    private void agent(String id) {
      AgentId key = new AgentId(id);
      boolean known = before.agents().find(key).filter(agent -> !agent.unreachable()).isPresent();
      if (!known) {
        after
            .agents()
            .find(key)
            .ifPresent(
                agent -> {
                  Event.Builder message = Event.newBuilder().setType(Event.Type.AGENT_ADDED);
                  message
                      .getAgentAddedBuilder()
                      .setAgent(new EntityMessages(after, Visibility.ALL).agent(agent));
                  add(message, null, null);
                });
      }
    }

    private void agentRemoved(String id) {
      AgentId key = new AgentId(id);
      if (before.agents().has(key) && !after.agents().has(key)) {
        Event.Builder message = Event.newBuilder().setType(Event.Type.AGENT_REMOVED);
        message.getAgentRemovedBuilder().setAgentId(AgentID.newBuilder().setValue(id));
        add(message, null, null);
      }
    }
  }
}
