package io.quorate.agent.http;

import io.quorate.agent.flags.AgentAccess;
import io.quorate.protocol.http.EdgeSettings;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an agent's port was set up.
 *
 * @param edge what it bears, and which pages may do what
 * @param access who has to log in
 * @param flags what the agent was started with, and the defaults of the others
 * @param startSeconds when the process began, since the epoch
 */
public record AgentPort(
    EdgeSettings edge, AgentAccess access, SortedMap<String, String> flags, double startSeconds) {

  public AgentPort {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
  }
}
