package io.quorate.master.leader;

import io.quorate.master.event.Call;
import io.quorate.master.event.ConfirmCommands;
import io.quorate.master.event.MarkUnreachable;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.agentlink.AgentCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * When each agent was heard last: soft state of the leader, of which only the transitions are
 * logged (Mesos 4.2). An agent that has not come to a new leader yet gets the re-registration
 * time-out, all others the ping budget. A transition that waits for the rate limit is off when the
 * agent is heard again (CP-278). It is used on the core thread only.
 */
final class Liveness {
  private final LoopSettings settings;
  private final LongSupplier tickerNanos;
  private final Consumer<Call> calls;
  private final Sender sender;
  private final Map<AgentId, Long> heard = new HashMap<>();
  private final Map<AgentId, String> staleLinks = new HashMap<>();
  private final ArrayDeque<Long> removals = new ArrayDeque<>();
  private long pingedNanos;

  Liveness(LoopSettings settings, LongSupplier tickerNanos, Consumer<Call> calls, Sender sender) {
    this.settings = settings;
    this.tickerNanos = tickerNanos;
    this.calls = calls;
    this.sender = sender;
  }

  /** A new lead: everybody was heard just now. */
  void reset(MasterState state) {
    heard.clear();
    staleLinks.clear();
    for (Agent agent : state.agents().values()) {
      staleLinks.put(agent.id(), agent.linkId());
    }
    pingedNanos = tickerNanos.getAsLong() - settings.pingInterval().toNanos();
  }

  void heard(MasterState state, AgentCall call, String linkId) {
    Optional<Agent> agent = state.agents().find(new AgentId(call.getAgentId().getValue()));
    if (agent.isEmpty() || !agent.get().linkId().equals(linkId)) {
      return;
    }
    heard.put(agent.get().id(), tickerNanos.getAsLong());
    if (call.getCommandsDone() > agent.get().commandsDone()) {
      calls.accept(
          Call.newBuilder()
              .setConfirmCommands(
                  ConfirmCommands.newBuilder()
                      .setAgentId(agent.get().id().value())
                      .setCommandsDone(call.getCommandsDone()))
              .build());
    }
  }

  void tick(MasterState state) {
    long now = tickerNanos.getAsLong();
    boolean ping = now - pingedNanos >= settings.pingInterval().toNanos();
    if (ping) {
      pingedNanos = now;
    }
    for (Agent agent : state.agents().values()) {
      if (agent.unreachable()) {
        heard.remove(agent.id());
        continue;
      }
      boolean awaited = agent.linkId().equals(staleLinks.get(agent.id()));
      if (!awaited && staleLinks.remove(agent.id()) != null) {
        heard.put(agent.id(), now);
      }
      long last = heard.computeIfAbsent(agent.id(), id -> now);
      Duration budget = awaited ? settings.agentReregisterTimeout() : settings.pingBudget();
      if (now - last > budget.toNanos()) {
        if (!permitted(now)) {
          continue;
        }
        heard.put(agent.id(), now);
        calls.accept(
            Call.newBuilder()
                .setMarkUnreachable(MarkUnreachable.newBuilder().setAgentId(agent.id().value()))
                .build());
      } else if (ping && agent.connected()) {
        sender.ping(agent, state.cluster().leaderTerm());
      }
    }
  }

  private boolean permitted(long now) {
    if (settings.removalRate().isEmpty()) {
      return true;
    }
    RemovalRate rate = settings.removalRate().get();
    while (!removals.isEmpty() && now - removals.peekFirst() > rate.period().toNanos()) {
      removals.removeFirst();
    }
    if (removals.size() >= rate.permits()) {
      return false;
    }
    removals.addLast(now);
    return true;
  }
}
