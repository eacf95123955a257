package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.MachineKey;
import io.quorate.protocol.v1.Unavailability;
import io.quorate.protocol.v1.allocator.InverseOfferStatus;
import io.quorate.protocol.v1.maintenance.ClusterStatus;
import java.util.Locale;
import org.pcollections.TreePMap;

/**
 * A machine in the maintenance schedule (Mesos 4.4).
 *
 * @param down in maintenance: its agents may not register. Else it is draining
 * @param answers what frameworks said last to the inverse offers for its agents
 */
public record Machine(
    MachineKey key,
    Unavailability unavailability,
    boolean down,
    TreePMap<AnswerKey, InverseOfferStatus> answers) {

  /** Whose answer, for which agent. */
  public record AnswerKey(FrameworkId framework, AgentId agent) implements Comparable<AnswerKey> {
    @Override
    public int compareTo(AnswerKey other) {
      int order = framework.compareTo(other.framework);
      return order != 0 ? order : agent.compareTo(other.agent);
    }
  }

  public static Machine draining(MachineKey key, Unavailability unavailability) {
    return new Machine(key, unavailability, false, TreePMap.empty());
  }

  /** Down, or draining again. */
  public Machine down(boolean isDown) {
    return new Machine(key, unavailability, isDown, isDown ? TreePMap.empty() : answers);
  }

  /** With what a framework said. */
  public Machine answered(AnswerKey who, InverseOfferStatus answer) {
    return new Machine(key, unavailability, down, answers.plus(who, answer));
  }

  /** Whether the agent runs on it: all that the machine's id names must fit. */
  public boolean hosts(Agent agent) {
    String hostname = agent.info().getHostname().toLowerCase(Locale.ROOT);
    boolean byName = key.hostname().isEmpty() || key.hostname().equals(hostname);
    boolean byAddress =
        key.ip().isEmpty() || key.ip().equals(agent.link().address()) || key.ip().equals(hostname);
    return byName && byAddress;
  }

  /** As the maintenance status shows it while it drains. */
  public ClusterStatus.DrainingMachine status() {
    return ClusterStatus.DrainingMachine.newBuilder()
        .setId(key.toProto())
        .addAllStatuses(answers.values())
        .build();
  }
}
