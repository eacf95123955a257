package io.quorate.master.decide.draft;

import io.quorate.master.event.AgentDrained;
import io.quorate.master.event.Event;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.id.AgentId;

/** When a drain is done (Mesos 4.3): nothing runs there, and every end is acknowledged. */
public final class Drains {
  private Drains() {}

  public static void settle(Draft draft) {
    for (AgentId id : draft.state().draining()) {
      boolean idle =
          !draft.state().tasksOn(id).iterator().hasNext()
              && !draft.state().operationsOn(id).iterator().hasNext();
      if (idle) {
        end(draft, draft.state().agents().get(id));
      }
    }
  }

  private static void end(Draft draft, Agent agent) {
    if (agent.service().drain().filter(drain -> drain.getConfig().getMarkGone()).isPresent()) {
      AgentEnds.gone(draft, agent.id());
    } else {
      draft.emit(
          Event.newBuilder()
              .setAgentDrained(AgentDrained.newBuilder().setAgentId(agent.id().value())));
    }
  }
}
