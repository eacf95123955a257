package io.quorate.agent;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import java.util.HashSet;
import java.util.Optional;

/** What may differ between two starts of an agent that keeps its id (Mesos 4.5). */
public enum Reconfiguration {
  /** Nothing changed. */
  EQUAL,
  /** There are more resources or attributes, or a first domain. */
  ADDITIVE,
  /** Anything; the masters judge whether what is reserved is still there. */
  ANY;

  /** What is not allowed; empty if all is. */
  Optional<String> validate(AgentInfo before, AgentInfo now) {
    if (this == ANY) {
      return Optional.empty();
    }
    if (!before.getHostname().equals(now.getHostname())) {
      return differs("hostname", before.getHostname(), now.getHostname());
    }
    if (before.getPort() != now.getPort()) {
      return differs("port", before.getPort(), now.getPort());
    }
    boolean first = this == ADDITIVE && !before.hasDomain();
    if (!first && !before.getDomain().equals(now.getDomain())) {
      return differs("domain", before.getDomain(), now.getDomain());
    }
    Resources had = Resources.of(before.getResourcesList());
    Resources has = Resources.of(now.getResourcesList());
    if (this == EQUAL ? !had.equals(has) : !has.contains(had)) {
      return differs("resources", had, has);
    }
    var kept = new HashSet<>(now.getAttributesList());
    var were = new HashSet<>(before.getAttributesList());
    if (this == EQUAL ? !kept.equals(were) : !kept.containsAll(were)) {
      return differs("attributes", before.getAttributesList(), now.getAttributesList());
    }
    return Optional.empty();
  }

  private Optional<String> differs(String what, Object before, Object now) {
    return Optional.of(
        "--"
            + what
            + " was "
            + before
            + " and is "
            + now
            + ", which --reconfiguration_policy="
            + name().toLowerCase(java.util.Locale.ROOT)
            + " does not allow: set it back, choose another policy, or wipe the work_dir, and the"
            + " agent registers as a new one");
  }
}
