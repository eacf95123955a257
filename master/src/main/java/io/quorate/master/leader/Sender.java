package io.quorate.master.leader;

import io.quorate.master.effect.Effect;
import io.quorate.master.effect.Effects;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends what committed entries mean outside, in log order. Commands go by number: per agent it is
 * remembered up to which one the present link has been sent. It is used on the core thread only.
 */
final class Sender {
  private final Effects.LinkTerms terms;
  private final EventSink<Event> streams;
  private final EventSink<AgentEvent> links;
  private final Map<AgentId, Progress> sent = new HashMap<>();

  /** Up to which command a link was sent; another link of the agent begins anew. */
  private record Progress(String linkId, long number) {}

  Sender(LoopSettings settings, EventSink<Event> streams, EventSink<AgentEvent> links) {
    this.terms =
        new Effects.LinkTerms(
            settings.pingInterval().toNanos() / 1e9, settings.pingBudget().toNanos() / 1e9);
    this.streams = streams;
    this.links = links;
  }

  void send(MasterMachine.Commit commit) {
    for (List<MasterMachine.Step> call : commit.calls()) {
      if (call.isEmpty()) {
        continue;
      }
      Effects effects = new Effects(terms);
      for (MasterMachine.Step step : call) {
        effects.add(step.before(), step.event(), step.after());
      }
      for (Effect effect : effects.all(call.get(call.size() - 1).after())) {
        send(effect, commit);
      }
    }
  }

  private void send(Effect effect, MasterMachine.Commit commit) {
    MasterState state = commit.after();
    if (effect instanceof Effect.ToScheduler to) {
      streams.send(
          to.streamId(), to.event().toBuilder().setLogIndex(commit.position().index()).build());
    } else if (effect instanceof Effect.EndStream end) {
      streams.end(end.streamId());
    } else if (effect instanceof Effect.ToAgent to) {
      links.send(to.linkId(), to.event());
    } else if (effect instanceof Effect.EndLink end) {
      links.end(end.linkId());
    } else if (effect instanceof Effect.StartCommands start) {
      sent.put(start.agent(), new Progress(start.linkId(), start.after()));
      pump(start.agent(), state);
    } else if (effect instanceof Effect.PumpCommands pump) {
      pump(pump.agent(), state);
    }
  }

  private void pump(AgentId id, MasterState state) {
    Progress from = sent.get(id);
    Agent agent = state.agents().find(id).orElse(null);
    boolean started =
        from != null
            && agent != null
            && agent.connected()
            // The same entry may bring another link, which begins with SUBSCRIBED.
            && from.linkId().equals(agent.linkId());
    if (!started) {
      return;
    }
    for (Command command : state.commandsAfter(id, from.number())) {
      links.send(
          agent.linkId(),
          AgentEvent.newBuilder()
              .setType(AgentEvent.Type.COMMAND)
              .setTerm(state.cluster().leaderTerm())
              .setCommand(command)
              .build());
    }
    sent.put(id, new Progress(agent.linkId(), agent.lastCommand()));
  }

  void ping(Agent agent, long term) {
    links.send(
        agent.linkId(),
        AgentEvent.newBuilder().setType(AgentEvent.Type.PING).setTerm(term).build());
  }

  void endAll() {
    sent.clear();
    streams.endAll();
    links.endAll();
  }
}
