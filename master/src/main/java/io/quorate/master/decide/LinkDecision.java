package io.quorate.master.decide;

import io.quorate.master.event.AgentReconnected;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.Event;
import io.quorate.master.event.TaskRecovered;
import io.quorate.master.state.Agent;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.FrameworkId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Task;
import io.quorate.master.state.TaskKey;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides an agent's SUBSCRIBE: a new agent, or one that comes back (Mesos 4.1). */
final class LinkDecision {
  private LinkDecision() {}

  static Decision decide(MasterState state, AgentCall call, String linkId) {
    AgentCall.Subscribe subscribe = call.getSubscribe();
    Optional<String> invalid =
        ResourceValidation.validate(subscribe.getAgentInfo().getResourcesList());
    if (invalid.isPresent()) {
      return refused(Refusal.badRequest("subscribe.agent_info.resources: " + invalid.get()));
    }
    if (subscribe.getHighestTerm() > state.cluster().leaderTerm()) {
      return refused(
          Refusal.conflict(
              "The agent has seen term "
                  + subscribe.getHighestTerm()
                  + ", this leader's is "
                  + state.cluster().leaderTerm()));
    }
    AgentId id =
        call.hasAgentId()
            ? new AgentId(call.getAgentId().getValue())
            : state.registered(subscribe.getRegistrationId()).orElse(null);
    if (id == null) {
      return register(state, subscribe, linkId);
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
    if (call.getCommandsDone() < agent.commandsDone()
        || call.getCommandsDone() > agent.lastCommand()) {
      return refused(
          Refusal.conflict(
              "commands_done is "
                  + call.getCommandsDone()
                  + ", but the agent has confirmed "
                  + agent.commandsDone()
                  + " of "
                  + agent.lastCommand()
                  + " commands: its work_dir"
                  + " is not what it was, and must be wiped before it registers as a new agent"));
    }
    return reconnect(state, agent, call, linkId);
  }

  private static Decision register(
      MasterState state, AgentCall.Subscribe subscribe, String linkId) {
    Draft draft = new Draft(state);
    AgentId id = state.cluster().mintAgent();
    draft.emit(
        Event.newBuilder()
            .setAgentRegistered(
                AgentRegistered.newBuilder()
                    .setAgentId(id.value())
                    .setAgentInfo(named(subscribe.getAgentInfo(), id))
                    .setRegistrationId(subscribe.getRegistrationId())
                    .setLinkId(linkId)
                    .setVersion(subscribe.getVersion())
                    .addAllCapabilities(subscribe.getCapabilitiesList())));
    return draft.accepted();
  }

  private static Decision reconnect(MasterState state, Agent agent, AgentCall call, String linkId) {
    Draft draft = new Draft(state);
    AgentCall.Subscribe subscribe = call.getSubscribe();
    AgentInfo info = named(subscribe.getAgentInfo(), agent.id());
    if (!info.equals(agent.info())) {
      AgentDecisions.rescindOffers(draft, agent.id());
    }
    // Looked at before the confirmation forgets them: what is still on its way is not missing.
    TreeSet<TaskKey> underway = underway(state, agent, call.getCommandsDone());
    draft.emit(
        Event.newBuilder()
            .setAgentReconnected(
                AgentReconnected.newBuilder()
                    .setAgentId(agent.id().value())
                    .setAgentInfo(info)
                    .setLinkId(linkId)
                    .setVersion(subscribe.getVersion())
                    .addAllCapabilities(subscribe.getCapabilitiesList())
                    .setCommandsDone(call.getCommandsDone())));
    compareTasks(draft, agent, subscribe, underway);
    return draft.accepted();
  }

  private static TreeSet<TaskKey> underway(MasterState state, Agent agent, long done) {
    TreeSet<TaskKey> keys = new TreeSet<>();
    for (Command command : state.commandsAfter(agent.id(), done)) {
      if (command.hasLaunch()) {
        keys.add(
            new TaskKey(
                new FrameworkId(command.getLaunch().getFrameworkInfo().getId().getValue()),
                command.getLaunch().getTaskInfo().getTaskId().getValue()));
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
        draft.emit(
            Event.newBuilder()
                .setTaskRecovered(
                    TaskRecovered.newBuilder()
                        .setFrameworkId(key.framework().value())
                        .setTaskId(key.taskId())
                        .setState(latest == null ? task.state() : latest)));
      }
      if (latest == null) {
        AgentDecisions.lose(
            draft,
            key,
            TaskState.TASK_DROPPED,
            TaskStatus.Reason.REASON_RECONCILIATION,
            "Reconciliation: Task unknown to the agent");
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
