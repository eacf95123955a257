package io.quorate.agent.flags;

import io.quorate.protocol.auth.Credentials;
import java.util.Optional;

/**
 * Who has to log in on an agent's port, executors aside.
 *
 * @param credentials of everybody who can; there if somebody has to
 * @param readonly whether readers of state and files have to
 * @param readwrite whether users of the operator API have to
 */
public record AgentAccess(Optional<Credentials> credentials, boolean readonly, boolean readwrite) {
  /** With this nobody is asked who he is. */
  public static final AgentAccess OPEN = new AgentAccess(Optional.empty(), false, false);

  public AgentAccess {
    if ((readonly || readwrite) && credentials.isEmpty()) {
      throw new IllegalArgumentException("without credentials nobody could come in");
    }
  }

  /** What anybody who reaches the port can do; empty if everybody must log in. */
  public String open() {
    return readonly ? "" : "read the state and the files of all tasks";
  }
}
