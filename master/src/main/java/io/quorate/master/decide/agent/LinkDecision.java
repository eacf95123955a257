package io.quorate.master.decide.agent;

import io.quorate.master.decide.draft.AgentEnds;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.MasterStatus;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.task.ExecutorDecisions;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.AgentReconnected;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.Event;
import io.quorate.master.event.StrayTaskKilled;
import io.quorate.master.event.TaskRecovered;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides an agent's SUBSCRIBE: a new agent, or one that comes back (Mesos 4.1). */
public final class LinkDecision {
  private LinkDecision() {}

  public static Decision decide(Draft draft, AgentLinkCall asked) {
    MasterState state = draft.state();
    AgentCall call = asked.getCall();
    AgentCall.Subscribe subscribe = call.getSubscribe();
    Optional<Refusal> invalid = validate(state, subscribe);
    if (invalid.isPresent()) {
      return refused(invalid.get());
    }
    AgentId id =
        call.hasAgentId()
            ? new AgentId(call.getAgentId().getValue())
            : state.registered(subscribe.getRegistrationId()).orElse(null);
    Optional<String> down = down(state, subscribe, asked.getAddress());
    if (down.isPresent()) {
      return refused(Refusal.conflict(down.get()));
    }
    if (id == null) {
      return register(draft, asked);
    }
    if (state.goneAgents().has(id)) {
      return refused(new Refusal(410, "Agent has been marked gone"));
    }
    Agent agent = state.agents().find(id).orElse(null);
    if (agent == null) {
      return refused(
          Refusal.conflict(
              "No agent "
                  + id
                  + " is known: it was removed. Its work_dir must be wiped before it"
                  + " registers as a new agent"));
    }
    Optional<Refusal> another = validateSame(agent, asked);
    if (another.isPresent()) {
      return refused(another.get());
    }
    Optional<Resources> total = total(agent, subscribe.getAgentInfo());
    return total.isPresent()
        ? reconnect(draft, agent, asked, total.get())
        : refused(
            Refusal.conflict(
                "The agent has fewer resources than before while some are reserved: unreserve them"
                    + " first, or wipe its work_dir before it registers as a new agent"));
  }

  /** What can be said of the call before it is known which agent it is. */
  private static Optional<Refusal> validate(MasterState state, AgentCall.Subscribe subscribe) {
    if (!subscribe.hasAgentInfo()) {
      return Optional.of(Refusal.badRequest("'subscribe.agent_info' must be set"));
    }
    Optional<String> invalid =
        ResourceValidation.validate(subscribe.getAgentInfo().getResourcesList());
    if (invalid.isPresent()) {
      return Optional.of(Refusal.badRequest("subscribe.agent_info.resources: " + invalid.get()));
    }
    return subscribe.getHighestTerm() > state.cluster().leaderTerm()
        ? Optional.of(
            Refusal.conflict(
                "The agent has seen term "
                    + subscribe.getHighestTerm()
                    + ", this leader's is "
                    + state.cluster().leaderTerm()))
        : Optional.empty();
  }

  /** Whether the one that asks is the agent that it says it is, or works on a copy of its files. */
  private static Optional<Refusal> validateSame(Agent agent, AgentLinkCall asked) {
    if (!agent.key().isEmpty() && !agent.key().equals(asked.getKey())) {
      return Optional.of(
          new Refusal(
              401,
              "Agent "
                  + agent.id()
                  + " is known by another key than this one: its work_dir is not what it was, and"
                  + " must be wiped before it registers as a new agent"));
    }
    if (agent.connected() && !agent.link().address().equals(asked.getAddress())) {
      // Two that took the link from each other would do so for ever, and each tell its own story.
      return Optional.of(
          Refusal.conflict(
              "Agent "
                  + agent.id()
                  + " is connected from "
                  + agent.link().address()
                  + ": unless it moved, in which case it is let in when that link has timed out,"
                  + " this is a copy of its work_dir, which must be wiped before it registers as a"
                  + " new agent"));
    }
    long done = asked.getCall().getCommandsDone();
    return done < agent.commandsDone() || done > agent.lastCommand()
        ? Optional.of(
            Refusal.conflict(
                "commands_done is "
                    + done
                    + ", but the agent has confirmed "
                    + agent.commandsDone()
                    + " of "
                    + agent.lastCommand()
                    + " commands: its work_dir"
                    + " is not what it was, and must be wiped before it registers as a new agent"))
        : Optional.empty();
  }

  /** Refuses an agent whose machine is down for maintenance (CP-273). */
  private static Optional<String> down(
      MasterState state, AgentCall.Subscribe subscribe, String address) {
    Agent asking = Agent.asking(subscribe.getAgentInfo(), address);
    return state
        .maintenance()
        .machineOf(asking)
        .filter(Machine::down)
        .map(machine -> "The agent's machine is DOWN for maintenance");
  }

  /** What the agent has now, reservations and volumes kept; empty if they no longer fit. */
  private static Optional<Resources> total(Agent agent, AgentInfo said) {
    Resources before = Resources.countable(agent.info().getResourcesList());
    Resources now = Resources.of(said.getResourcesList());
    if (now.contains(before)) {
      return Optional.of(agent.total().plus(now.minus(before)));
    }
    return agent.total().equals(before) ? Optional.of(now) : Optional.empty();
  }

  private static Decision register(Draft draft, AgentLinkCall asked) {
    MasterState state = draft.state();
    AgentCall.Subscribe subscribe = asked.getCall().getSubscribe();
    AgentId id = state.cluster().mintAgent();
    AgentRegistered.Builder registered =
        AgentRegistered.newBuilder()
            .setAgentId(id.value())
            .setAgentInfo(named(subscribe.getAgentInfo(), id))
            .setRegistrationId(subscribe.getRegistrationId())
            .setLinkId(asked.getLinkId())
            .setAddress(asked.getAddress())
            .setVersion(subscribe.getVersion())
            .addAllCapabilities(subscribe.getCapabilitiesList());
    if (asked.hasKey()) {
      registered.setKey(asked.getKey());
    }
    draft.emit(Event.newBuilder().setAgentRegistered(registered));
    return draft.accepted();
  }

  /** Another agent now, so to speak: whoever refused it may want it (Mesos 3.5). */
  private static void forgetRefusals(Draft draft, Agent agent) {
    for (Filter filter : draft.state().filters().values()) {
      if (filter.key().agent().equals(agent.id()) && !filter.key().role().isEmpty()) {
        draft.emit(EventFactory.unfiltered(filter.key()));
      }
    }
  }

  private static Decision reconnect(
      Draft draft, Agent agent, AgentLinkCall asked, Resources total) {
    MasterState state = draft.state();
    AgentCall call = asked.getCall();
    AgentCall.Subscribe subscribe = call.getSubscribe();
    AgentInfo info = named(subscribe.getAgentInfo(), agent.id());
    if (!info.equals(agent.info())) {
      AgentEnds.withdraw(draft, agent.id());
    }
    if (!info.getAttributesList().equals(agent.info().getAttributesList())) {
      forgetRefusals(draft, agent);
    }
    // Looked at before the confirmation forgets them: what is still on its way is not missing.
    TreeSet<TaskKey> underway = underway(state, agent, call.getCommandsDone());
    AgentReconnected.Builder reconnected =
        AgentReconnected.newBuilder()
            .setAgentId(agent.id().value())
            .setAgentInfo(info)
            .setLinkId(asked.getLinkId())
            .setAddress(asked.getAddress())
            .setVersion(subscribe.getVersion())
            .addAllCapabilities(subscribe.getCapabilitiesList())
            .addAllTotal(total.toProtos())
            .setCommandsDone(call.getCommandsDone());
    if (agent.key().isEmpty() && asked.hasKey()) {
      reconnected.setKey(asked.getKey());
    }
    draft.emit(Event.newBuilder().setAgentReconnected(reconnected));
    compareTasks(draft, agent, subscribe, underway);
    compareExecutors(draft, agent, subscribe, underway);
    return draft.accepted();
  }

  private static TreeSet<TaskKey> underway(MasterState state, Agent agent, long done) {
    TreeSet<TaskKey> keys = new TreeSet<>();
    for (Command command : state.commandsAfter(agent.id(), done)) {
      FrameworkInfo framework =
          command.hasLaunch()
              ? command.getLaunch().getFrameworkInfo()
              : command.getLaunchGroup().getFrameworkInfo();
      List<TaskInfo> tasks =
          command.hasLaunch()
              ? List.of(command.getLaunch().getTaskInfo())
              : command.getLaunchGroup().getTaskGroup().getTasksList();
      if (command.hasLaunch() || command.hasLaunchGroup()) {
        for (TaskInfo task : tasks) {
          keys.add(
              new TaskKey(
                  new FrameworkId(framework.getId().getValue()), task.getTaskId().getValue()));
        }
      }
    }
    return keys;
  }

  /**
   * A task that the agent lacks is over (CP-269), one of an agent that had been given up comes back
   * with the state that the agent reports (CP-270).
   */
  private static void compareTasks(
      Draft draft, Agent agent, AgentCall.Subscribe subscribe, TreeSet<TaskKey> underway) {
    TreeMap<TaskKey, TaskState> reported = new TreeMap<>();
    for (TaskReport report : subscribe.getTasksList()) {
      reported.put(
          new TaskKey(
              new FrameworkId(report.getFrameworkId().getValue()), report.getTaskId().getValue()),
          report.getState());
    }
    for (TaskKey key : draft.state().tasksOn(agent.id())) {
      Task task = draft.state().tasks().get(key);
      TaskState latest = underway.contains(key) ? TaskState.TASK_STAGING : reported.get(key);
      if (task.unreachable()) {
        draft.emit(recovered(draft, task, latest == null ? task.state() : latest));
      }
      if (latest == null) {
        AgentEnds.lose(
            draft,
            key,
            TaskState.TASK_DROPPED,
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Reconciliation: Task unknown to the agent");
      }
    }
    for (var task : reported.entrySet()) {
      killStray(draft, agent, task.getKey(), task.getValue());
    }
  }

  private static Event.Builder recovered(Draft draft, Task task, TaskState latest) {
    TaskStatus.Builder status =
        MasterStatus.of(
                draft.state(),
                task.key().taskId(),
                latest,
                TaskStatus.Reason.REASON_AGENT_REREGISTERED,
                "Agent reregistered")
            .setAgentId(AgentID.newBuilder().setValue(task.agent().value()));
    return Event.newBuilder()
        .setTaskRecovered(
            TaskRecovered.newBuilder()
                .setFrameworkId(task.key().framework().value())
                .setStatus(status));
  }

  /**
   * A task that runs though its framework was told that it is over: the log is right, so it ends.
   * Those of a framework that is gone are ended by the command that told the agent so.
   */
  private static void killStray(Draft draft, Agent agent, TaskKey key, TaskState reported) {
    MasterState state = draft.state();
    boolean known = state.tasks().find(key).filter(task -> !task.terminal()).isPresent();
    if (!known && state.frameworks().has(key.framework()) && !TaskStates.terminal(reported)) {
      draft.emit(
          Event.newBuilder()
              .setStrayTaskKilled(
                  StrayTaskKilled.newBuilder()
                      .setFrameworkId(key.framework().value())
                      .setAgentId(agent.id().value())
                      .setTaskId(key.taskId())));
    }
  }

  /**
   * Executors that the agent lacks are removed; their tasks are judged by themselves. One that runs
   * though its framework was told that it is over ends, as its tasks do.
   */
  private static void compareExecutors(
      Draft draft, Agent agent, AgentCall.Subscribe subscribe, TreeSet<TaskKey> underway) {
    TreeSet<ExecutorKey> there = new TreeSet<>();
    for (ExecutorReport report : subscribe.getExecutorsList()) {
      there.add(
          new ExecutorKey(
              new FrameworkId(report.getFrameworkId().getValue()),
              agent.id(),
              report.getExecutorId().getValue()));
    }
    for (TaskKey key : underway) {
      draft.state().tasks().find(key).flatMap(Task::executor).ifPresent(there::add);
    }
    for (ExecutorKey key : draft.state().executorsOn(agent.id())) {
      if (!there.contains(key)) {
        ExecutorDecisions.removed(draft, key);
      }
    }
    for (ExecutorKey key : there) {
      MasterState state = draft.state();
      if (!state.executors().has(key) && state.frameworks().has(key.framework())) {
        ExecutorDecisions.shutdown(draft, key);
      }
    }
  }

  private static AgentInfo named(AgentInfo info, AgentId id) {
    return info.toBuilder().setId(AgentID.newBuilder().setValue(id.value())).build();
  }

  private static Decision refused(Refusal why) {
    return new Decision.Refused(why);
  }
}
