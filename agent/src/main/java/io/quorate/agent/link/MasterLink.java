package io.quorate.agent.link;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import java.util.Optional;

/** The link to the leading master, whoever that is now; it is opened again when it breaks. */
public interface MasterLink {
  /** The agent's side of the link, which is called on the agent's core thread. */
  interface Listener {
    /** Returns the subscription of the agent as it is now. */
    AgentCall subscription();

    /** Takes an event of the master, in the order in which it was sent. */
    void event(AgentEvent event);
  }

  /** Says whether a link is open, so that calls may be sent. Any thread may ask. */
  boolean up();

  /** Returns {@code host:port} of the leader while a link is open. Any thread may ask. */
  default Optional<String> master() {
    return Optional.empty();
  }

  /**
   * Leaves the link and looks for the leader anew. Any thread may call it.
   *
   * @param why a clause for the log
   */
  void leave(String why);

  /**
   * Sends a call on the link as it is now; whether it arrived shows later. It is called on the core
   * thread.
   *
   * @param taken is run on the core thread once the master took the call, if it answers at all
   */
  void send(AgentCall call, Runnable taken);

  /** Sends a call whose taking nobody waits for. */
  default void send(AgentCall call) {
    send(call, () -> {});
  }
}
