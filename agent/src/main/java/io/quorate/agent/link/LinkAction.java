package io.quorate.agent.link;

import io.quorate.protocol.agentlink.AgentEvent;

/** What the {@link LinkCore} wants done, in the order in which it says so. */
public sealed interface LinkAction {
  /**
   * Connect to a master, send it the agent's subscription as it is then, and tell the core of the
   * answer.
   *
   * @param connection the number by which the core is told of this connection
   * @param master {@code host:port}
   */
  record Subscribe(long connection, String master) implements LinkAction {}

  /**
   * Ask a master who leads, by a GET of {@code /redirect}, and tell the core what it named. The
   * answer belongs to the connection that is in doubt.
   *
   * @param master {@code host:port}
   */
  record AskWhoLeads(long connection, String master) implements LinkAction {}

  /**
   * Close a connection at once, whether its answer has come or not.
   *
   * @param why a clause for the log
   */
  record Close(long connection, String why) implements LinkAction {}

  /**
   * Tell the core when a time has come; this replaces the time that was set before.
   *
   * @param atNanos on the clock that the core's inputs carry
   */
  record SetTimer(long atNanos) implements LinkAction {}

  /** Hands an event of the master to the agent. */
  record Deliver(AgentEvent event) implements LinkAction {}
}
