package io.quorate.agent.link;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;

/** The link to the leader, whoever that is now; opened again when it breaks. */
public interface MasterLink {
  /** The agent's side. Called on its core thread. */
  interface Listener {
    /** What to subscribe with, now. */
    AgentCall subscription();

    /** What the master says. */
    void event(AgentEvent event);
  }

  /** Whether updates may be sent. */
  boolean up();

  /** Leaves the link and looks for the leader anew. Any thread. */
  void leave(String why);

  /**
   * Sends a call on the link as it is now; whether it arrived shows later. Core thread.
   *
   * @param taken done once the master took it, if it answers at all; core thread
   */
  void send(AgentCall call, Runnable taken);

  /** As above, where nobody waits for it. */
  default void send(AgentCall call) {
    send(call, () -> {});
  }
}
