package io.quorate.master.state;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import java.util.List;

/** How an agent begins. */
final class Agents {
  private Agents() {}

  static Agent registered(AgentId id, AgentInfo info, String registrationId, Cluster cluster) {
    return new Agent(
        id,
        info,
        Resources.of(info.getResourcesList()),
        registrationId,
        "",
        "",
        List.of(),
        0,
        0,
        cluster.timeNanos(),
        cluster.timeNanos(),
        0,
        Resources.EMPTY,
        Resources.EMPTY);
  }
}
